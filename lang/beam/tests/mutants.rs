//! Damaged files: every one gives a module or an error, never a panic.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use swerl_beam::Module;

/// A small generator of numbers (xorshift), so that every run is the same.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap()
    }
}

fn mutate(bytes: &mut Vec<u8>, numbers: &mut Numbers) {
    match numbers.below(5) {
        0 => {
            let length = numbers.below(bytes.len());
            bytes.truncate(length);
        }
        1 => {
            for _ in 0..=numbers.below(4) {
                let place = numbers.below(bytes.len());
                bytes[place] ^= 1 << numbers.below(8);
            }
        }
        2 => {
            for _ in 0..=numbers.below(4) {
                let place = numbers.below(bytes.len());
                bytes[place] = u8::try_from(numbers.below(256)).unwrap();
            }
        }
        3 => {
            let place = numbers.below(bytes.len());
            let end = bytes.len().min(place + 4);
            bytes[place..end].fill(0xff);
        }
        _ => {
            let place = numbers.below(bytes.len());
            let end = bytes.len().min(place + 1 + numbers.below(16));
            bytes.drain(place..end);
        }
    }
}

#[test]
fn damaged_files_are_errors() {
    let beams = support::otp_beams();
    let names = ["orddict.beam", "proplists.beam", "queue.beam", "base64.beam", "gen_server.beam"];
    let files = beams.iter().filter(|path| names.iter().any(|name| path.ends_with(name)));
    let mut numbers = Numbers(0x5eed);
    for path in files {
        let module = Module::read(&std::fs::read(path).unwrap()).unwrap();
        // Uncompressed, so that damage reaches the literals; and small, so that it reaches the code.
        let mut small = module.clone();
        small.other_chunks.clear();
        let sound = small.write_with(swerl_beam::WriteOptions { compress_literals: false });
        for _ in 0..2_500 {
            let mut bytes = sound.clone();
            mutate(&mut bytes, &mut numbers);
            if let Ok(module) = Module::read(&bytes) {
                assert!(Module::read(&module.write()).is_ok(), "what was read can be written and read again");
            }
        }
    }
}
