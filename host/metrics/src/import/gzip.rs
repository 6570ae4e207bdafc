//! Files that may be gzipped (RFC 1952): unpacked as they are read.

use std::io::{self, Chain, Cursor, ErrorKind, Read};

use flate2::read::MultiGzDecoder;

/// Most bytes that may come out per byte that goes in. Files of values shrink 5 to 50 times; gzip can shrink
/// zeros a thousand times, which is how a small upload is made to keep a host busy for hours.
pub const MOST_UNFOLDING: u64 = 200;
/// Bytes that may come out whatever went in: a short file of one repeated row is no attack.
const FREE: u64 = 64 * 1024 * 1024;

/// The first two bytes of every gzip member. No text in UTF-8 starts with them.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// A reader whose first bytes have been looked at.
type Peeked<R> = Chain<Cursor<Vec<u8>>, R>;

/// The content of a file, gzipped or not.
pub struct Unpacked<R>(Content<R>);

enum Content<R> {
    Plain(Peeked<R>),
    Gzip { decoder: Box<MultiGzDecoder<Counted<Peeked<R>>>>, unfolded: u64 },
}

/// Counts what was taken.
struct Counted<R> {
    reader: R,
    taken: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.taken += count as u64;
        Ok(count)
    }
}

impl<R: Read> Unpacked<R> {
    /// Tells by the first bytes whether a file is gzipped. `expected`: it must be, because its name or the
    /// request says so.
    ///
    /// # Errors
    /// When it cannot be read, or is not gzipped though it must be.
    pub fn open(mut reader: R, expected: bool) -> io::Result<Self> {
        let mut first = Vec::with_capacity(MAGIC.len());
        reader.by_ref().take(MAGIC.len() as u64).read_to_end(&mut first)?;
        let is_gzip = first == MAGIC;
        if expected && !is_gzip {
            let message = "it is said to be gzipped, and it is not";
            return Err(io::Error::new(ErrorKind::InvalidData, message));
        }
        let reader = Cursor::new(first).chain(reader);
        Ok(Self(if is_gzip {
            let decoder = Box::new(MultiGzDecoder::new(Counted { reader, taken: 0 }));
            Content::Gzip { decoder, unfolded: 0 }
        } else {
            Content::Plain(reader)
        }))
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Content::Plain(reader) => reader.read(buffer),
            Content::Gzip { decoder, unfolded } => {
                let count = decoder.read(buffer).map_err(explained)?;
                *unfolded += count as u64;
                if *unfolded > FREE && *unfolded / MOST_UNFOLDING > decoder.get_ref().taken {
                    let message = format!(
                        "it unfolds to more than {MOST_UNFOLDING} times its size; unpack it first if it is \
                         what you mean to import"
                    );
                    return Err(io::Error::new(ErrorKind::InvalidData, message));
                }
                Ok(count)
            }
        }
    }
}

/// What a failure to unpack means for whoever sent the file.
fn explained(error: io::Error) -> io::Error {
    match error.kind() {
        ErrorKind::UnexpectedEof => {
            io::Error::new(ErrorKind::UnexpectedEof, "the gzip data end too early: the file is cut off")
        }
        ErrorKind::InvalidInput | ErrorKind::InvalidData => {
            io::Error::new(ErrorKind::InvalidData, format!("the gzip data are damaged: {error}"))
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn unpacked(bytes: &[u8], expected: bool) -> Result<Vec<u8>, String> {
        let mut out = Vec::new();
        Unpacked::open(bytes, expected)
            .and_then(|mut content| content.read_to_end(&mut out))
            .map_err(|error| error.to_string())?;
        Ok(out)
    }

    #[test]
    fn content_is_the_same_packed_or_not() {
        let text = b"day,value\n2026-03-01,1\n";
        assert_eq!(unpacked(text, false).unwrap(), text);
        assert_eq!(unpacked(&gzip(text), false).unwrap(), text);
        let members = [gzip(&text[..5]), gzip(&text[5..])].concat();
        assert_eq!(unpacked(&members, true).unwrap(), text, "members of one file follow each other");
        for short in [&b""[..], b"x", &MAGIC[..1]] {
            assert_eq!(unpacked(short, false).unwrap(), short);
        }
        assert_eq!(unpacked(text, true).unwrap_err(), "it is said to be gzipped, and it is not");
    }

    #[test]
    fn a_file_that_is_cut_off_or_damaged_is_no_file() {
        let whole = gzip(&b"2026-03-01,1\n".repeat(100));
        for length in MAGIC.len()..whole.len() {
            let error = unpacked(&whole[..length], false).unwrap_err();
            assert_eq!(error, "the gzip data end too early: the file is cut off", "{length}");
        }
        // So is one whose further members are cut off, wherever.
        let two = whole.repeat(2);
        for length in whole.len() + 1..two.len() {
            assert!(unpacked(&two[..length], false).is_err(), "{length}");
        }
        let mut damaged = whole.clone();
        let checksum = damaged.len() - 5;
        damaged[checksum] ^= 1;
        for bytes in [damaged, [&whole[..], b"and text behind it"].concat()] {
            let error = unpacked(&bytes, false).unwrap_err();
            assert!(error.starts_with("the gzip data are damaged: "), "{error}");
        }
    }

    #[test]
    fn a_bomb_is_refused_long_before_its_end() {
        // A thousand members make a gigabyte of a megabyte.
        let bomb = gzip(&vec![0; 1024 * 1024]).repeat(1_000);
        let mut content = Unpacked::open(bomb.as_slice(), true).unwrap();
        let mut buffer = vec![0; 64 * 1024];
        let mut out = 0;
        let error = loop {
            match content.read(&mut buffer) {
                Ok(0) => panic!("{out} bytes came out"),
                Ok(count) => out += count as u64,
                Err(error) => break error.to_string(),
            }
        };
        assert!(error.contains("more than 200 times its size"), "{error}");
        assert!(out <= FREE, "{out}");
    }
}
