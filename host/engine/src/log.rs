//! Taking down what a plugin writes for its author, within limits.

use yardstick_domain::frame::{Attrs, Value};
pub use yardstick_domain::log::{Level, Log, LogLine};

use crate::limits;
use crate::text;

/// Which standard stream a guest writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Out,
    Err,
}

/// Takes what a guest logs and prints, within the limits.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    log: Log,
    bytes: usize,
    /// Unfinished lines of standard output and standard error.
    partial: [Vec<u8>; 2],
}

impl Sink {
    /// Takes a line.
    pub(crate) fn line(&mut self, level: Level, message: &str, fields: Attrs) {
        let line = fit(level, message, fields);
        self.log.dropped_bytes += line.cut;
        let full = self.log.lines.len() >= limits::LOG_LINES || self.bytes + line.bytes > limits::LOG_BYTES;
        if full {
            self.log.dropped_lines += 1;
            self.log.dropped_bytes += line.bytes as u64;
            return;
        }
        self.bytes += line.bytes;
        self.log.lines.push(line.line);
    }

    /// Takes what a guest printed; whole lines go to the log, the rest waits for its end.
    pub(crate) fn print(&mut self, stream: Stream, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            self.keep(stream, &rest[..end]);
            self.end_line(stream);
            rest = &rest[end + 1..];
        }
        self.keep(stream, rest);
    }

    /// The log, with unfinished lines as lines.
    pub(crate) fn finish(mut self) -> Log {
        for stream in [Stream::Out, Stream::Err] {
            if !self.partial[stream as usize].is_empty() {
                self.end_line(stream);
            }
        }
        self.log
    }

    fn keep(&mut self, stream: Stream, bytes: &[u8]) {
        let partial = &mut self.partial[stream as usize];
        // One byte over the limit is kept, so that the cut is seen (and said) when the line is fitted.
        let room = (limits::LOG_LINE_BYTES + 1).saturating_sub(partial.len()).min(bytes.len());
        partial.extend_from_slice(&bytes[..room]);
        self.log.dropped_bytes += (bytes.len() - room) as u64;
    }

    fn end_line(&mut self, stream: Stream) {
        let line = std::mem::take(&mut self.partial[stream as usize]);
        let level = match stream {
            Stream::Out => Level::Info,
            Stream::Err => Level::Warn,
        };
        self.line(level, &String::from_utf8_lossy(&line), Attrs::new());
    }
}

struct Fitted {
    line: LogLine,
    bytes: usize,
    cut: u64,
}

/// Escapes a line and cuts it to its limit: the message first, then whole fields.
fn fit(level: Level, message: &str, fields: Attrs) -> Fitted {
    let escaped = text::escape(message);
    let kept = text::prefix(&escaped, limits::LOG_LINE_BYTES);
    let mut cut = (escaped.len() - kept.len()) as u64;
    let mut bytes = kept.len();
    let message = kept.to_owned();
    let mut kept = Attrs::new();
    for (name, value) in fields {
        let field = (text::escape(&name), plain(value));
        let size = field.0.len() + value_bytes(&field.1);
        if bytes + size > limits::LOG_LINE_BYTES {
            cut += size as u64;
        } else {
            bytes += size;
            kept.push(field);
        }
    }
    Fitted { line: LogLine { level, message, fields: kept }, bytes, cut }
}

/// A value that every document can carry: no number that is not finite, no control characters.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) if !number.is_finite() => Value::Text(number.to_string()),
        Value::Text(text) => Value::Text(text::escape(&text)),
        other => other,
    }
}

fn value_bytes(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Boolean(_) | Value::Integer(_) | Value::Number(_) => 8,
    }
}

#[cfg(test)]
mod tests {
    use yardstick_domain::frame::Value;

    use super::{Level, Sink, Stream};

    #[test]
    fn a_flood_is_counted_not_kept() {
        let mut sink = Sink::default();
        for _ in 0..300 {
            sink.line(Level::Info, &"x".repeat(2_000), Vec::new());
        }
        let log = sink.finish();
        assert_eq!(log.lines.len(), 64, "64 KiB of lines of 1 KiB");
        assert_eq!(log.dropped_lines, 236);
        assert_eq!(log.dropped_bytes, 300 * 2_000 - 64 * 1_024);
    }

    #[test]
    fn printed_text_becomes_escaped_lines() {
        let mut sink = Sink::default();
        sink.print(Stream::Out, b"one\ntw");
        sink.print(Stream::Err, b"\x1b[2J\xff\n");
        sink.print(Stream::Out, b"o");
        let log = sink.finish();
        let lines: Vec<_> = log.lines.iter().map(|line| (line.level, line.message.as_str())).collect();
        assert_eq!(lines, [(Level::Info, "one"), (Level::Warn, "\\u{1b}[2J\u{fffd}"), (Level::Info, "two")]);
    }

    #[test]
    fn numbers_that_are_not_finite_become_words() {
        let mut sink = Sink::default();
        sink.line(Level::Debug, "m", vec![("nan".into(), Value::Number(f64::NAN))]);
        assert_eq!(sink.finish().lines[0].fields[0].1, Value::Text("NaN".into()));
    }
}
