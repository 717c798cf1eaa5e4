//! Reads WebSocket frames out of a byte stream as cheaply as it can: headers are parsed, payloads are skipped.
//!
//! Load and server share the cores, so a screen of the benchmark looks at the first bytes of a payload, which name
//! the frame's type, and at nothing else.

/// What a frame is, as its first payload bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One change of the floor.
    Change,
    /// The whole floor.
    Snapshot,
    /// "You fell behind": a snapshot follows.
    Reset,
    /// The server hangs up.
    Close,
    /// Heartbeats, pings and whatever comes later.
    Other,
}

/// How many payload bytes are kept to tell the kind.
const PEEK: usize = 16;

/// A frame's header is at most 10 bytes, as servers do not mask.
const HEADER_MAX: usize = 10;

/// Where in the byte stream of one connection we are, across chunk boundaries.
#[derive(Debug, Default)]
pub(crate) struct FrameReader {
    header: [u8; HEADER_MAX],
    header_len: usize,
    peek: [u8; PEEK],
    peek_len: usize,
    /// Bytes of the current payload still to come; meaningful once the header is complete.
    left: u64,
    size: u64,
    in_payload: bool,
}

impl FrameReader {
    /// Takes `chunk` in and calls `heard` with the kind and size of each frame that ends in it.
    pub(crate) fn feed(&mut self, mut chunk: &[u8], mut heard: impl FnMut(Kind, u64)) {
        while !chunk.is_empty() {
            if !self.in_payload {
                self.header[self.header_len] = chunk[0];
                self.header_len += 1;
                chunk = &chunk[1..];
                let Some(size) = payload_size(&self.header[..self.header_len]) else {
                    continue;
                };
                self.in_payload = true;
                self.left = size;
                self.size = size;
                self.peek_len = 0;
            }
            chunk = self.skip_payload(chunk);
            if self.left == 0 {
                heard(self.kind(), self.size + self.header_len as u64);
                self.in_payload = false;
                self.header_len = 0;
            }
        }
    }

    /// Skips what `chunk` holds of the current payload and returns the rest.
    fn skip_payload<'a>(&mut self, chunk: &'a [u8]) -> &'a [u8] {
        let n = usize::try_from(self.left).map_or(chunk.len(), |left| left.min(chunk.len()));
        let wanted = (PEEK - self.peek_len).min(n);
        self.peek[self.peek_len..self.peek_len + wanted].copy_from_slice(&chunk[..wanted]);
        self.peek_len += wanted;
        self.left -= n as u64;
        &chunk[n..]
    }

    fn kind(&self) -> Kind {
        let peek = &self.peek[..self.peek_len];
        match self.header[0] & 0x0f {
            0x8 => Kind::Close,
            0x1 | 0x2 if peek.starts_with(br#"{"type":"change""#) => Kind::Change,
            // Of the host stand: a table changed, and the first frame, behind which a tablet shows its lists.
            0x1 | 0x2 if peek.starts_with(br#"{"type":"table_u"#) => Kind::Change,
            0x1 | 0x2 if peek.starts_with(br#"{"type":"restaur"#) => Kind::Snapshot,
            0x1 | 0x2 if peek.starts_with(br#"{"type":"snapsh"#) => Kind::Snapshot,
            0x1 | 0x2 if peek.starts_with(br#"{"type":"reset""#) => Kind::Reset,
            _ => Kind::Other,
        }
    }
}

/// The payload's size, once `header` holds all bytes that say it.
fn payload_size(header: &[u8]) -> Option<u64> {
    match (*header.get(1)? & 0x7f, header) {
        (126, [_, _, a, b]) => Some(u64::from(u16::from_be_bytes([*a, *b]))),
        (127, [_, _, rest @ ..]) => Some(u64::from_be_bytes(rest.try_into().ok()?)),
        (126, _) => None,
        (size, _) => Some(u64::from(size)),
    }
}

/// A text frame as a server sends it.
pub(crate) fn text_frame(payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x81];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(size @ 0..126), _) => frame.push(size),
        (_, Ok(size)) => {
            frame.push(126);
            frame.extend(size.to_be_bytes());
        }
        _ => {
            frame.push(127);
            frame.extend((payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend(payload);
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    fn an_evening() -> (Vec<u8>, Vec<(Kind, u64)>) {
        let big = format!(r#"{{"type":"snapshot","floor":"{}"}}"#, "x".repeat(70_000));
        let middle = format!(r#"{{"type":"change","seq":1,"pad":"{}"}}"#, "y".repeat(270));
        let payloads = [
            (Kind::Snapshot, big.as_str()),
            (Kind::Change, middle.as_str()),
            (Kind::Change, r#"{"type":"change","seq":2}"#),
            (Kind::Other, r#"{"type":"heartbeat","seq":2}"#),
            (Kind::Other, r#"{"type":"resumed","seq":2}"#),
            (Kind::Reset, r#"{"type":"reset","reason":"too_slow"}"#),
            (Kind::Other, ""),
        ];
        let mut bytes = Vec::new();
        let mut expected = Vec::new();
        for (kind, payload) in payloads {
            let frame = text_frame(payload.as_bytes());
            expected.push((kind, frame.len() as u64));
            bytes.extend(frame);
        }
        bytes.extend([0x88, 2, 0x0f, 0xa0]);
        expected.push((Kind::Close, 4));
        (bytes, expected)
    }

    #[test]
    fn frames_are_told_apart_wherever_the_stream_is_cut() {
        let (bytes, expected) = an_evening();
        for step in [1, 2, 3, 7, 13, 100, 4096, 65_536, bytes.len()] {
            let mut reader = FrameReader::default();
            let mut heard = Vec::new();
            for chunk in bytes.chunks(step) {
                reader.feed(chunk, |kind, size| heard.push((kind, size)));
            }
            assert_eq!(heard, expected, "chunks of {step}");
        }
    }

    #[test]
    fn a_frame_is_heard_with_its_last_byte_and_not_before() {
        let frame = text_frame(br#"{"type":"change"}"#);
        let mut reader = FrameReader::default();
        let mut heard = 0;
        reader.feed(&frame[..frame.len() - 1], |_, _| heard += 1);
        assert_eq!(heard, 0);
        reader.feed(&frame[frame.len() - 1..], |_, _| heard += 1);
        assert_eq!(heard, 1);
    }
}
