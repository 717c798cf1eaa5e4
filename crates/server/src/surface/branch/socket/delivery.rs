//! What a poll is answered, and whether it was: a client may hang up at any moment, also between the answer and
//! its first byte.

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::oneshot;

/// The body of an answer. Whoever made it learns what became of it.
pub(super) struct Delivery {
    payload: Bytes,
    taken: Option<oneshot::Sender<()>>,
}

/// Completes when a delivery was taken, or fails when it was lost.
pub(super) type Taken = oneshot::Receiver<()>;

impl Delivery {
    pub(super) fn new(payload: Bytes) -> (Delivery, Taken) {
        let (taken, outcome) = oneshot::channel();
        let taken = Some(taken);
        (Delivery { payload, taken }, outcome)
    }
}

impl Body for Delivery {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(taken) = self.taken.take() else {
            return Poll::Ready(None);
        };
        // Nobody wants to know of a session that is over.
        let _ = taken.send(());
        Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.payload)))))
    }

    fn is_end_stream(&self) -> bool {
        self.taken.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.payload.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::Delivery;
    use bytes::Bytes;
    use http_body_util::BodyExt;

    #[tokio::test]
    async fn what_was_taken_is_told_from_what_was_lost() {
        let (delivery, taken) = Delivery::new(Bytes::from_static(b"2"));
        assert_eq!(delivery.collect().await.unwrap().to_bytes(), "2");
        assert!(taken.await.is_ok());
        let (delivery, taken) = Delivery::new(Bytes::from_static(b"2"));
        drop(delivery);
        assert!(taken.await.is_err());
    }
}
