//! Places as annotations, and annotations as places.

use super::read_expr::text_of;
use crate::ast::Place;
use crate::source::{FileId, Location, SourceMap, SourceTooLarge, Span};
use std::sync::Arc;
use swerl_beam::Literal;

/// How a place is written in the abstract format.
pub trait Locate {
    /// The annotation for a place.
    fn annotation(&self, place: Place) -> Literal;

    /// The annotation for a place of what others should take for generated code.
    fn generated(&self, place: Place) -> Literal {
        self.annotation(place)
    }

    /// The annotation for the place of a node that is located where `part`, the first of its parts, begins.
    fn first(&self, place: Place, _part: &Literal) -> Literal {
        self.annotation(place)
    }

    /// The annotation for the place of what nobody wrote, which is located where `part` has its last part.
    fn last(&self, place: Place, part: &Literal) -> Literal {
        greatest_end(part).unwrap_or_else(|| self.annotation(place))
    }
}

/// `{Line, Column}`, as `epp` writes it.
#[derive(Clone, Copy, Debug)]
pub struct LineAndColumn<'m>(pub &'m SourceMap);

impl LineAndColumn<'_> {
    fn location(self, place: Place) -> Literal {
        location_term(self.0.line(place.point()), self.0.column(place.point()))
    }
}

impl Locate for LineAndColumn<'_> {
    fn annotation(&self, place: Place) -> Literal {
        if let Some(annotation) = self.0.annotation(place.file(), place.at) {
            return annotation.clone();
        }
        with_keyword(self.0, place, self.location(place))
    }

    fn generated(&self, place: Place) -> Literal {
        generated(self.location(place))
    }
}

/// The same for records expanded: what nobody wrote has a place of no extent, and is marked as generated.
#[derive(Clone, Copy, Debug)]
pub struct Expanded<'m>(pub &'m SourceMap);

impl Locate for Expanded<'_> {
    fn annotation(&self, place: Place) -> Literal {
        let written = LineAndColumn(self.0);
        if place.span.start == place.span.end { written.generated(place) } else { written.annotation(place) }
    }
}

/// The line alone, as `epp` writes it by default.
#[derive(Clone, Copy, Debug)]
pub struct LineAlone<'m>(pub &'m SourceMap);

impl LineAlone<'_> {
    /// Whether a text could be in an annotation with the location of the place.
    fn has_keyword_beside(self, place: Place) -> bool {
        let file = self.0.file(place.file());
        let line = file.line_text(file.line_of(place.at)).unwrap_or("");
        QUOTED_KEYWORDS.iter().any(|keyword| line.contains(keyword))
    }

    fn location(self, place: Place) -> Literal {
        location_term(self.0.line(place.point()), 0)
    }
}

impl Locate for LineAlone<'_> {
    fn annotation(&self, place: Place) -> Literal {
        with_keyword(self.0, place, self.location(place))
    }

    fn first(&self, place: Place, part: &Literal) -> Literal {
        let own = self.annotation(place);
        if self.has_keyword_beside(place) { last_there(part, own) } else { own }
    }

    fn generated(&self, place: Place) -> Literal {
        generated(self.location(place))
    }
}

/// Quoted atoms that a feature would make keywords: their text is kept, so that tools quote them too.
const QUOTED_KEYWORDS: [&str; 2] = ["'maybe'", "'else'"];

/// The annotation with this location, which has a text where the place begins with a quoted keyword.
fn with_keyword(map: &SourceMap, place: Place, location: Literal) -> Literal {
    let rest = map.text_of(place.file()).get(place.at as usize..).unwrap_or("");
    match QUOTED_KEYWORDS.into_iter().find(|keyword| rest.starts_with(keyword)) {
        Some(keyword) => with_text(keyword, location),
        None => location,
    }
}

/// The annotations of the nodes of a tree, in their order.
fn annotations(tree: &Literal) -> Vec<&Literal> {
    fn visit<'t>(tree: &'t Literal, found: &mut Vec<&'t Literal>) {
        match tree {
            Literal::Tuple(parts) => match parts.as_slice() {
                [Literal::Atom(tag), annotation, rest @ ..]
                    if tag.as_str() != "unit" && line_and_column(annotation).is_some() =>
                {
                    found.push(annotation);
                    rest.iter().for_each(|part| visit(part, found));
                }
                parts => parts.iter().for_each(|part| visit(part, found)),
            },
            Literal::List(items, _) => items.iter().for_each(|item| visit(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    visit(tree, &mut found);
    found
}

/// Of the nodes of a tree that have the location of `own`, the annotation of the last: there `erl_parse` takes it from
/// for what begins with the tree.
fn last_there(tree: &Literal, own: Literal) -> Literal {
    let Some(at) = line_and_column(&own) else { return own };
    let there = annotations(tree).into_iter().rfind(|annotation| line_and_column(annotation) == Some(at));
    there.map_or(own, Literal::clone)
}

/// The text in an annotation, where there is one.
fn annotated_text(annotation: &Literal) -> Option<String> {
    let Literal::List(items, _) = annotation else { return None };
    items.iter().find_map(|item| match item {
        Literal::Tuple(pair) => match pair.as_slice() {
            [Literal::Atom(key), text] if key.as_str() == "text" => text_of(text).ok().flatten(),
            _ => None,
        },
        _ => None,
    })
}

/// The annotation that `erl_parse` takes for what follows a tree in which annotations have texts: the greatest by their
/// texts, with the place where that ends. None if none has.
fn greatest_end(tree: &Literal) -> Option<Literal> {
    let ends = annotations(tree).into_iter().filter_map(|annotation| {
        let text = annotated_text(annotation)?;
        let (line, column) = line_and_column(annotation)?;
        let count = |part: &str| u32::try_from(part.chars().count()).unwrap_or(u32::MAX);
        let lines = u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX);
        let column = match text.rsplit_once('\n') {
            _ if column == 0 => 0,
            Some((_, rest)) => count(rest) + 1,
            None => column + count(&text),
        };
        Some((text, (line + lines, column)))
    });
    let (text, (line, column)) = ends.max()?;
    Some(with_text(&text, location_term(line, column)))
}

fn with_text(text: &str, location: Literal) -> Literal {
    let text = Literal::tuple([Literal::atom("text"), Literal::string(text)]);
    Literal::list(vec![text, Literal::tuple([Literal::atom("location"), location])])
}

fn generated(location: Literal) -> Literal {
    let mark = Literal::tuple([Literal::atom("generated"), Literal::atom("true")]);
    Literal::list(vec![mark, Literal::tuple([Literal::atom("location"), location])])
}

/// `{Line, Column}`, or the line alone.
pub(super) fn location_term(line: u32, column: u32) -> Literal {
    let line = Literal::Int(i64::from(line));
    if column == 0 { line } else { Literal::Tuple(vec![line, Literal::Int(i64::from(column))]) }
}

/// The annotations of forms that come in the abstract format; they get places in a file without text.
#[derive(Debug)]
pub struct Annotations<'m> {
    map: &'m mut SourceMap,
    file: FileId,
    /// What `-file` said last.
    name: Arc<str>,
    /// Nothing has got a place since.
    is_renamed: bool,
    terms: Vec<Literal>,
}

impl<'m> Annotations<'m> {
    /// No annotations yet; they will be those of a file of this name.
    ///
    /// # Errors
    /// When the map is full.
    pub fn new(map: &'m mut SourceMap, name: impl Into<Arc<str>>) -> Result<Self, SourceTooLarge> {
        let name = name.into();
        let file = map.add_locations(name.clone())?;
        Ok(Self { map, file, name, is_renamed: false, terms: Vec::new() })
    }

    /// The map that the places belong to.
    #[must_use]
    pub fn map(&self) -> &SourceMap {
        self.map
    }

    pub(super) fn set_file_name(&mut self, name: &str) {
        self.name = name.into();
        self.is_renamed = true;
    }

    /// A place for an annotation; `None` when it is not one.
    pub(crate) fn place(&mut self, annotation: &Literal) -> Option<Place> {
        let (line, column) = line_and_column(annotation)?;
        if self.is_renamed || self.terms.last() != Some(annotation) {
            self.is_renamed = false;
            let at = self.map.add_location(self.file, Location { file: self.name.clone(), line, column });
            if matches!(annotation, Literal::List(..)) {
                self.map.set_annotation(self.file, at, annotation.clone());
            }
            self.terms.push(annotation.clone());
        }
        let at = u32::try_from(self.terms.len() - 1).ok()?;
        Some(Place::new(Span { file: self.file, start: at, end: at + 1 }))
    }

    /// Whether `a` is located before `b`, or at the same place.
    pub(super) fn is_ordered(&self, a: u32, b: u32) -> bool {
        let location = |at| {
            let span = Span { file: self.file, start: at, end: at };
            (self.map.line(span), self.map.column(span).max(1))
        };
        location(a) <= location(b)
    }

    /// The location at an offset, as `erl_anno:location/1` gives it.
    pub(crate) fn location(&self, at: u32) -> Literal {
        let span = Span { file: self.file, start: at, end: at };
        location_term(self.map.line(span), self.map.column(span))
    }

    /// The text in the annotation at an offset, where there is one.
    pub(crate) fn text(&self, at: u32) -> Option<String> {
        annotated_text(self.term(at)?)
    }

    pub(super) fn term(&self, at: u32) -> Option<&Literal> {
        self.terms.get(at as usize)
    }
}

impl Locate for Annotations<'_> {
    fn annotation(&self, place: Place) -> Literal {
        if place.file() == self.file
            && let Some(term) = self.term(place.at)
        {
            return term.clone();
        }
        LineAndColumn(self.map).annotation(place)
    }

    fn first(&self, place: Place, part: &Literal) -> Literal {
        let own = self.annotation(place);
        if matches!(own, Literal::List(..)) { last_there(part, own) } else { own }
    }
}

/// The location in an annotation of any of its forms.
fn line_and_column(annotation: &Literal) -> Option<(u32, u32)> {
    let number = |term: &Literal| match term {
        Literal::Int(value) => u32::try_from(*value).ok(),
        _ => None,
    };
    match annotation {
        Literal::Int(_) => Some((number(annotation)?, 0)),
        Literal::Tuple(pair) => match pair.as_slice() {
            [line, column] => Some((number(line)?, number(column)?)),
            _ => None,
        },
        Literal::List(items, _) => items.iter().find_map(|item| match item {
            Literal::Tuple(pair) => match pair.as_slice() {
                [Literal::Atom(key), location] if key.as_str() == "location" => line_and_column(location),
                _ => None,
            },
            _ => None,
        }),
        Literal::Nil => Some((0, 0)),
        _ => None,
    }
}
