//! The mailbox: received messages in order, and the place where a selective receive stands.
//!
//! Messages are numbered as they come. A removed one leaves a gap that is closed when it reaches the front
//! or when gaps outweigh messages. Who walks over gaps notes how far, and is there in one step the next time: so
//! removal from the middle and receive markers cost constant time, whatever waits in front.

use crate::heap::Fragment;
use crate::term::{TAG_HEADER, Term};
use crate::trace::sequential::Mark;
use std::collections::{BTreeMap, VecDeque};

/// So many messages may wait where one is copied to the heap before it is received.
const FEW: usize = 8;

/// A message waiting to be received.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) term: Term,
    /// Its memory, until a process adopts it.
    pub(crate) fragment: Option<Box<Fragment>>,
}

impl Message {
    /// Does its term lie where the process's own terms do, so that it is a root? (Or among literals, where collections
    /// leave it.)
    fn is_root(&self) -> bool {
        self.fragment.is_none() && !self.term.is_immediate()
    }
}

/// A place in the mailbox: a message, or a gap, which has a header in the place of a term.
#[derive(Debug)]
struct Entry(Message);

impl Entry {
    /// A message was here. So many places on there may be one; between are gaps.
    fn gap(further: u64) -> Self {
        Self(Message { term: Term(further << 3 | TAG_HEADER), fragment: None })
    }

    /// Where a gap leads.
    fn further(&self) -> Option<u64> {
        (self.0.term.0 & 7 == TAG_HEADER).then_some(self.0.term.0 >> 3)
    }

    fn message(&self) -> Option<&Message> {
        self.further().is_none().then_some(&self.0)
    }

    fn message_mut(&mut self) -> Option<&mut Message> {
        self.further().is_none().then_some(&mut self.0)
    }
}

/// Messages of one process.
#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    messages: VecDeque<Entry>,
    /// Number of the first entry of `messages`.
    first: u64,
    /// Number of the next message to look at.
    save: u64,
    gaps: u32,
    /// How many messages are roots.
    roots: u32,
    noted: Option<Box<Noted>>,
}

/// What is noted of messages by their numbers.
#[derive(Debug, Default)]
struct Noted {
    /// Receive markers: reference number (0 while only reserved) and the number of the first message that
    /// can carry it.
    markers: Vec<(u64, u64)>,
    /// What messages bring with them in sequential tracing.
    marks: BTreeMap<u64, Mark>,
}

impl Mailbox {
    /// Adds a message at the end.
    pub(crate) fn push(&mut self, message: Message) {
        self.roots += u32::from(message.is_root());
        self.messages.push_back(Entry(message));
    }

    /// How many messages wait.
    pub(crate) fn len(&self) -> usize {
        self.messages.len() - self.gaps as usize
    }

    fn end(&self) -> u64 {
        self.first + self.messages.len() as u64
    }

    /// The message to look at now, if there is one.
    pub(crate) fn current(&mut self) -> Option<&mut Message> {
        let start = self.save.max(self.first);
        self.save = start;
        let at = |number: u64| (number - self.first) as usize;
        while let Some(further) = self.messages.get(at(self.save)).and_then(Entry::further) {
            self.save += further;
        }
        if self.save > start {
            self.messages[(start - self.first) as usize] = Entry::gap(self.save - start);
        }
        self.messages.get_mut((self.save - self.first) as usize)?.message_mut()
    }

    /// Takes the memory of the current message for the process's heap; the message stays.
    pub(crate) fn adopt_current(&mut self) -> Option<Box<Fragment>> {
        let message = self.current()?;
        let fragment = message.fragment.take()?;
        self.roots += 1;
        Some(fragment)
    }

    /// Offers the memory of the current message to `take`, which answers where the term is now or gives the memory
    /// back. Nothing is offered where many messages wait: each one taken would be a root until it is received.
    pub(crate) fn absorb_current(
        &mut self,
        take: impl FnOnce(Box<Fragment>, Term) -> Result<Term, Box<Fragment>>,
    ) {
        if self.messages.len() > FEW {
            return;
        }
        let Some(message) = self.current() else { return };
        let Some(fragment) = message.fragment.take() else { return };
        match take(fragment, message.term) {
            Ok(term) => {
                message.term = term;
                self.roots += u32::from(message.is_root());
            }
            Err(fragment) => message.fragment = Some(fragment),
        }
    }

    /// The terms of the messages whose memory is the process's heap.
    pub(crate) fn adopted(&mut self) -> impl Iterator<Item = &mut Term> {
        let messages = if self.roots == 0 { 0 } else { self.messages.len() };
        let messages = self.messages.iter_mut().take(messages).filter_map(Entry::message_mut);
        messages.filter(|message| message.is_root()).map(|message| &mut message.term)
    }

    /// The current message does not match: the next one.
    pub(crate) fn advance(&mut self) {
        self.save += 1;
    }

    /// Takes the current message out; the next receive starts from the front.
    pub(crate) fn remove_current(&mut self) -> Option<Message> {
        let index = usize::try_from(self.save.checked_sub(self.first)?).ok()?;
        let entry = self.messages.get_mut(index).filter(|entry| entry.message().is_some())?;
        let message = std::mem::replace(entry, Entry::gap(1)).0;
        self.roots -= u32::from(message.is_root());
        self.gaps += 1;
        while self.messages.front().is_some_and(|entry| entry.message().is_none()) {
            self.messages.pop_front();
            self.first += 1;
            self.gaps -= 1;
        }
        if self.messages.is_empty() && self.messages.capacity() > 64 {
            self.messages = VecDeque::new();
        } else if self.gaps > 32 && self.gaps as usize * 2 > self.messages.len() {
            self.close_gaps();
        }
        self.save = self.first;
        Some(message)
    }

    /// The next receive starts from the front.
    pub(crate) fn restart(&mut self) {
        self.save = self.first;
    }

    /// Removes gaps; markers keep their place among the messages.
    fn close_gaps(&mut self) {
        for marker in self.noted.iter_mut().flat_map(|noted| &mut noted.markers) {
            let before = usize::try_from(marker.1.saturating_sub(self.first)).unwrap_or(usize::MAX);
            let kept = self.messages.iter().take(before).filter(|entry| entry.message().is_some()).count();
            marker.1 = self.first + kept as u64;
        }
        if let Some(marks) =
            self.noted.as_mut().map(|noted| &mut noted.marks).filter(|marks| !marks.is_empty())
        {
            let numbers = (self.first..).zip(&self.messages).filter(|(_, entry)| entry.message().is_some());
            let kept = (self.first..).zip(numbers.map(|(former, _)| former));
            *marks = kept.filter_map(|(now, former)| Some((now, marks.remove(&former)?))).collect();
        }
        self.messages.retain(|entry| entry.message().is_some());
        self.gaps = 0;
    }

    /// All messages, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Term> + '_ {
        self.messages.iter().filter_map(Entry::message).map(|message| message.term)
    }

    /// Sets a marker at the end of the mailbox for a reference about to be made.
    pub(crate) fn reserve_marker(&mut self) {
        let end = self.end();
        let markers = &mut self.noted.get_or_insert_default().markers;
        markers.retain(|marker| marker.0 != 0);
        if markers.len() >= 8 {
            markers.remove(0);
        }
        markers.push((0, end));
    }

    /// Gives the reserved marker its reference.
    pub(crate) fn bind_marker(&mut self, reference: u64) {
        let mut markers = self.noted.iter_mut().flat_map(|noted| &mut noted.markers);
        if let Some(marker) = markers.find(|marker| marker.0 == 0) {
            marker.0 = reference;
        }
    }

    /// Starts the receive behind the marker of this reference, if there is one.
    pub(crate) fn use_marker(&mut self, reference: u64) {
        let mut markers = self.noted.iter().flat_map(|noted| &noted.markers);
        if let Some(marker) = markers.find(|marker| marker.0 == reference) {
            self.save = marker.1.max(self.first);
        }
    }

    /// Forgets a marker.
    pub(crate) fn clear_marker(&mut self, reference: u64) {
        if let Some(noted) = &mut self.noted {
            noted.markers.retain(|marker| marker.0 != reference && marker.0 != 0);
        }
    }
}

impl Mailbox {
    /// Removes the first message that `test` accepts.
    pub(crate) fn remove_where(&mut self, test: impl Fn(Term) -> bool) -> bool {
        let accepted = |entry: &Entry| entry.message().is_some_and(|message| test(message.term));
        let Some(index) = self.messages.iter().position(accepted) else { return false };
        let save = self.save;
        self.save = self.first + index as u64;
        self.take_mark();
        let end = self.end();
        self.remove_current();
        // Where gaps were closed, numbers are others than before: the next receive looks at all.
        self.save = if self.end() == end { save.max(self.first) } else { self.first };
        true
    }

    /// Notes what the message that has come last brings with it.
    pub(crate) fn mark_last(&mut self, mark: Mark) {
        let number = self.end() - 1;
        self.noted.get_or_insert_default().marks.insert(number, mark);
    }

    /// What the message that is about to be removed brings with it.
    pub(crate) fn take_mark(&mut self) -> Option<Mark> {
        self.noted.as_mut()?.marks.remove(&self.save)
    }

    /// Forgets what messages bring with them.
    pub(crate) fn forget_marks(&mut self) {
        if let Some(noted) = &mut self.noted {
            noted.marks.clear();
        }
    }
}
