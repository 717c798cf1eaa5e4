//! Batches that were joined for one listener and serve the next ones at the same place.

use crate::limits::JOINS_MAX;
use bytes::Bytes;
use std::collections::VecDeque;
use std::ops::Range;

/// The latest joined batches of one topic, by the places they span.
///
/// Under load many listeners stand at few places. The first to read a span pays for one copy, the
/// others for one reference.
#[derive(Debug)]
pub(crate) struct Joins {
    latest: VecDeque<Join>,
    n_bytes: usize,
    bytes_max: usize,
}

#[derive(Debug)]
struct Join {
    span: Range<u64>,
    bytes: Bytes,
}

impl Joins {
    pub(crate) fn new(bytes_max: usize) -> Joins {
        Joins {
            latest: VecDeque::new(),
            n_bytes: 0,
            bytes_max,
        }
    }

    /// The batch of exactly this span. A shorter one is no help: what it saves in copying, its second
    /// half costs in another write to the socket.
    pub(crate) fn find(&self, span: &Range<u64>) -> Option<&Bytes> {
        // The newest first: it is the likeliest.
        self.latest
            .iter()
            .rev()
            .find(|it| it.span == *span)
            .map(|it| &it.bytes)
    }

    /// Remembers a batch, and forgets the oldest ones until the bounds hold.
    pub(crate) fn keep(&mut self, span: Range<u64>, bytes: Bytes) {
        if bytes.len() > self.bytes_max {
            return;
        }
        self.n_bytes += bytes.len();
        self.latest.push_back(Join { span, bytes });
        while self.latest.len() > JOINS_MAX || self.n_bytes > self.bytes_max {
            let Some(oldest) = self.latest.pop_front() else {
                break;
            };
            self.n_bytes -= oldest.bytes.len();
        }
    }

    /// Forgets all, as when nobody listens any more.
    pub(crate) fn clear(&mut self) {
        self.latest = VecDeque::new();
        self.n_bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::{JOINS_MAX, Joins};
    use bytes::Bytes;

    #[test]
    fn the_oldest_batch_is_forgotten_first_by_count_and_by_bytes() {
        let mut joins = Joins::new(100);
        for place in 0..=JOINS_MAX as u64 {
            joins.keep(place..place + 2, Bytes::from_static(b"xx"));
        }
        assert_eq!(joins.find(&(0..2)), None);
        assert!(joins.find(&(1..3)).is_some());

        joins.keep(50..60, Bytes::from(vec![0; 99]));
        assert_eq!(joins.latest.len(), 1);
        assert_eq!(joins.n_bytes, 99);

        joins.keep(60..70, Bytes::from(vec![0; 101]));
        assert_eq!(joins.find(&(60..70)), None);
        assert!(joins.find(&(50..60)).is_some());

        joins.clear();
        assert_eq!((joins.find(&(50..60)), joins.n_bytes), (None, 0));
    }
}
