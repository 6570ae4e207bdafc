//! Lines of a text, one at a time in bounded memory.

use std::io::{ErrorKind, Read};
use std::ops::Range;

/// Longest line, in bytes: some thousand columns. A longer one is refused before all of it is read, so that a
/// file without line ends, or with another content than its name says, takes no more memory than this.
pub const LONGEST_LINE: usize = 1024 * 1024;

/// Bytes asked for at a time.
const STEP: usize = 64 * 1024;

/// A text being read. Lines end with LF, CRLF or CR.
#[derive(Debug)]
pub(super) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Start of the next line.
    start: usize,
    /// Up to here there is no line end after `start`.
    scanned: usize,
    /// End of what was read.
    end: usize,
    /// Lines that have been given out or skipped.
    line: u64,
    /// The last line ended with CR: an LF right after it belongs to it.
    after_cr: bool,
    /// There is nothing more to read: the end, or a failure.
    done: bool,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        let buffer = vec![0; LONGEST_LINE];
        Self { reader, buffer, start: 0, scanned: 0, end: 0, line: 0, after_cr: false, done: false }
    }

    /// Number of the last line, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Where the next line is that is not blank, without its end; `None`: there is none. After an error there
    /// is none either.
    pub(super) fn advance(&mut self) -> Result<Option<Range<usize>>, String> {
        loop {
            match self.next_end() {
                Ok(Some(range)) => {
                    if !self.buffer[range.clone()].trim_ascii().is_empty() {
                        return Ok(Some(range));
                    }
                }
                Ok(None) => return Ok(None),
                Err(message) => {
                    (self.done, self.start, self.scanned) = (true, self.end, self.end);
                    self.line += 1;
                    return Err(message);
                }
            }
        }
    }

    /// The text in a range that [`Lines::advance`] gave last.
    ///
    /// # Errors
    /// When it is not UTF-8; the lines after it can be.
    pub(super) fn text(&self, range: Range<usize>) -> Result<&str, String> {
        std::str::from_utf8(&self.buffer[range]).map_err(|_| "not UTF-8; save the file as UTF-8".to_owned())
    }

    fn next_end(&mut self) -> Result<Option<Range<usize>>, String> {
        loop {
            if let Some(at) = memchr::memchr2(b'\n', b'\r', &self.buffer[self.scanned..self.end]) {
                let (start, at) = (self.start, self.scanned + at);
                (self.start, self.scanned) = (at + 1, at + 1);
                let second_half = self.after_cr && at == start && self.buffer[at] == b'\n';
                self.after_cr = self.buffer[at] == b'\r';
                if second_half {
                    continue;
                }
                return Ok(Some(self.numbered(start..at)));
            }
            self.scanned = self.end;
            if self.done {
                let rest = self.start..self.end;
                self.start = self.end;
                return Ok((!rest.is_empty()).then(|| self.numbered(rest)));
            }
            self.fill()?;
        }
    }

    /// Counts a line; the first one loses its byte order mark.
    fn numbered(&mut self, range: Range<usize>) -> Range<usize> {
        const MARK: &[u8] = "\u{feff}".as_bytes();
        self.line += 1;
        if self.line == 1 && self.buffer[range.clone()].starts_with(MARK) {
            return range.start + MARK.len()..range.end;
        }
        range
    }

    /// Reads on, behind the beginning of the line that is there already.
    fn fill(&mut self) -> Result<(), String> {
        if self.end == self.buffer.len() {
            if self.start == 0 {
                return Err(format!(
                    "longer than {LONGEST_LINE} bytes, the most that a line may have; is it the right file?"
                ));
            }
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            (self.start, self.scanned) = (0, self.end);
        }
        let space = self.end..self.buffer.len().min(self.end + STEP);
        match self.reader.read(&mut self.buffer[space]) {
            Ok(0) => self.done = true,
            Ok(count) => self.end += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(format!("cannot be read: {error}")),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use proptest::prelude::*;

    use super::*;

    /// Gives a few bytes at a time, as a network does.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn all(reader: impl Read) -> Result<Vec<(u64, String)>, String> {
        let mut lines = Lines::new(reader);
        let mut found = Vec::new();
        while let Some(range) = lines.advance()? {
            found.push((lines.line(), lines.text(range)?.to_owned()));
        }
        Ok(found)
    }

    #[test]
    fn lines_end_in_any_way_and_blank_ones_count() {
        let found = all("\u{feff}a\r\n\r\n \nb\rc\n\n\rd".as_bytes()).unwrap();
        let expected = [(1, "a"), (4, "b"), (5, "c"), (8, "d")];
        assert_eq!(found, expected.map(|(line, text)| (line, text.to_owned())));
        assert_eq!(all(&b""[..]).unwrap(), []);
        assert_eq!(all("\u{feff}\n\n".as_bytes()).unwrap().len(), 0);
    }

    #[test]
    fn a_line_that_never_ends_is_refused_without_being_read() {
        let error = all(b"ok\n".chain(io::repeat(b'x'))).unwrap_err();
        assert!(error.starts_with("longer than 1048576 bytes"), "{error}");
        let longest = "x".repeat(LONGEST_LINE - 1);
        assert_eq!(all(format!("a\n{longest}\nb\n").as_bytes()).unwrap().len(), 3);
    }

    proptest! {
        #[test]
        fn the_size_of_reads_changes_nothing(text in "[ab\r\n\u{e4}]{0,60}", step in 1_usize..7) {
            let whole = all(text.as_bytes()).unwrap();
            prop_assert_eq!(all(Drops(text.as_bytes(), step)).unwrap(), whole.clone());
            let one_end = text.replace("\r\n", "\n").replace('\r', "\n");
            let expected: Vec<(u64, String)> = (1..)
                .zip(one_end.split('\n'))
                .filter(|(_, line)| !line.is_empty())
                .map(|(number, line)| (number, line.to_owned()))
                .collect();
            prop_assert_eq!(whole, expected);
        }
    }
}
