//! Collection, copying and rescue, on heaps without a process.

use super::{Build, Heap, copy, gc};
use crate::term::{Term, exactly_equal};

fn sample(heap: &mut Heap) -> Term {
    let inner = heap.tuple(&[Term::small(1), Term::bool(true)]);
    let binary = heap.binary(&[7; 200]);
    let float = heap.float(1.0e300);
    let list = heap.list(&[inner, binary, float, Term::NIL]);
    heap.flat_map(&[Term::small(1), Term::small(2)], &[list, inner])
}

#[test]
fn terms_survive_minor_and_major_collections() {
    let mut heap = Heap::new(64, 0, 65535);
    let mut reference = Heap::new(64, 0, 65535);
    let expected = sample(&mut reference);
    let mut roots = [sample(&mut heap)];
    for round in 0..20 {
        for _ in 0..50 {
            heap.list(&[Term::small(round), Term::NIL]);
        }
        gc::collect(&mut heap, 10, round % 7 == 6, &mut [&mut roots]).expect("no limit is set");
        assert!(exactly_equal(roots[0], expected), "round {round}");
    }
}

#[test]
fn a_deep_list_is_copied_compared_and_collected_without_native_recursion() {
    let mut heap = Heap::new(64, 0, 65535);
    let mut deep = [Term::NIL];
    for _ in 0..1_000_000 {
        deep[0] = heap.cons(deep[0], Term::NIL);
    }
    gc::collect(&mut heap, 0, true, &mut [&mut deep]).expect("no limit is set");
    let (copied, fragment) = copy::copy_to_fragment(deep[0]);
    assert!(exactly_equal(copied, deep[0]));
    assert_eq!(fragment.map(|fragment| fragment.used()), Some(2_000_000));
}

#[test]
fn off_heap_binaries_are_given_back() {
    let mut heap = Heap::new(64, 0, 65535);
    let mut roots = [heap.binary(&[1; 1000])];
    let shared = heap.off_heap;
    assert_ne!(shared, 0);
    gc::collect(&mut heap, 0, false, &mut [&mut roots]).expect("no limit is set");
    assert_eq!(roots[0].as_binary().map(|bytes| bytes.len()), Some(1000));
    roots[0] = Term::NIL;
    gc::collect(&mut heap, 0, true, &mut [&mut roots]).expect("no limit is set");
    assert_eq!(heap.off_heap, 0);
}

#[test]
fn a_copied_list_has_the_size_that_was_counted() {
    let mut heap = Heap::new(64, 0, 65535);
    let list = sample(&mut heap);
    let text = heap.string("hello");
    let pair = heap.tuple(&[text, list]);
    let (copied, fragment) = copy::copy_to_fragment(pair);
    assert!(exactly_equal(copied, pair));
    assert_eq!(fragment.map(|fragment| fragment.used()), Some(copy::size_of(pair)));
}
