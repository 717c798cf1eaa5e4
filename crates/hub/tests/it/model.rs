//! What a topic promises, said with a plain list of everything that was ever published.

use floor::Seq;
use hub::{Frame, Goodbye, RingLimits, TakeLimit, Taken};

/// A topic that forgets nothing and works out from the whole list what may be told.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    limits: RingLimits,
    start: Seq,
    pub(crate) head: Seq,
    pub(crate) log: Vec<Frame>,
    /// Where what was said last begins.
    last: usize,
    pub(crate) goodbye: Option<Goodbye>,
}

/// A reader of a [`Model`]: an index into its list.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    pub(crate) next: usize,
    pub(crate) heard: Seq,
}

/// [`hub::Resume`], comparable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Live,
    Behind { after: Seq, oldest: Seq },
    Ahead { head: Seq },
    Goodbye(Goodbye),
}

impl Model {
    pub(crate) fn new(limits: RingLimits, head: Seq) -> Model {
        Model {
            limits,
            start: head,
            head,
            log: Vec::new(),
            last: 0,
            goodbye: None,
        }
    }

    pub(crate) fn publish(&mut self, frames: Vec<Frame>) {
        if self.goodbye.is_some() || frames.is_empty() {
            return;
        }
        self.last = self.log.len();
        for frame in frames {
            if !frame.ephemeral {
                self.head = self.head.max(frame.seq);
            }
            self.log.push(Frame {
                seq: self.head,
                ..frame
            });
        }
    }

    pub(crate) fn advance(&mut self, seq: Seq) {
        if self.goodbye.is_none() {
            self.head = self.head.max(seq);
        }
    }

    /// The beginning of the longest end of the list that the limits allow, or of what was said last.
    pub(crate) fn first(&self) -> usize {
        (0..self.last)
            .find(|&from| {
                let kept = &self.log[from..];
                let n_bytes: usize = kept.iter().map(|it| it.bytes.len()).sum();
                kept.len() <= self.limits.frames_max && n_bytes <= self.limits.bytes_max
            })
            .unwrap_or(self.last)
    }

    pub(crate) fn resume(&self, after: Seq) -> (Outcome, Option<Reader>) {
        if let Some(goodbye) = self.goodbye {
            return (Outcome::Goodbye(goodbye), None);
        }
        if after > self.head {
            return (Outcome::Ahead { head: self.head }, None);
        }
        let gone = self.log[..self.first()].iter().filter(|it| !it.ephemeral);
        let reach = gone.map(|it| it.seq).max().unwrap_or(self.start);
        if after < reach {
            return (
                Outcome::Behind {
                    after,
                    oldest: reach.next(),
                },
                None,
            );
        }
        let wanted = |it: &Frame| it.seq > after;
        let next = self
            .log
            .iter()
            .position(wanted)
            .unwrap_or(self.log.len())
            .max(self.first());
        (Outcome::Live, Some(Reader { next, heard: after }))
    }

    pub(crate) fn take(&self, reader: &mut Reader, limit: TakeLimit) -> Taken<Vec<Frame>> {
        let first = self.first();
        let missed = self.log.get(reader.next..first).unwrap_or_default();
        if missed.iter().any(|it| !it.ephemeral) {
            return self
                .goodbye
                .map_or(Taken::Fallen { heard: reader.heard }, Taken::Goodbye);
        }
        let mut batch: Vec<Frame> = Vec::new();
        for frame in &self.log[reader.next.max(first)..] {
            let n_bytes: usize = batch.iter().chain([frame]).map(|it| it.bytes.len()).sum();
            let full = batch.len() >= limit.frames_max || n_bytes > limit.bytes_max;
            if full && !batch.is_empty() {
                break;
            }
            batch.push(frame.clone());
        }
        reader.next = reader.next.max(first) + batch.len();
        reader.heard = self.heard_at(reader.next);
        match self.goodbye {
            _ if !batch.is_empty() => Taken::Batch(batch),
            Some(goodbye) => Taken::Goodbye(goodbye),
            None => Taken::Nothing,
        }
    }

    /// The latest change of which, and before which, no frame is still to come.
    fn heard_at(&self, next: usize) -> Seq {
        let unheard = self.log[next..].iter().find(|it| !it.ephemeral);
        unheard.map_or(self.head, |it| Seq(it.seq.0 - 1))
    }

    pub(crate) fn lag(&self, reader: &Reader) -> u64 {
        (self.log.len() - reader.next) as u64
    }
}
