//! What a delivery costs, printed and never asserted: `cargo test --release -p hub measure -- --nocapture`.

use crate::live;
use floor::Seq;
use hub::{Cursor, Frame, Goodbye, RingLimits, TakeLimit, Taken, Topic};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const N_LISTENERS: usize = 2_000;
const N_FRAME_BYTES: usize = 300;

fn frames(seq: &mut Seq, n: usize) -> Vec<Frame> {
    (0..n)
        .map(|_| {
            *seq = seq.next();
            Frame::change(*seq, vec![b'x'; N_FRAME_BYTES])
        })
        .collect()
}

#[test]
fn what_a_take_costs_when_all_are_in_step() {
    const N_ROUNDS: usize = 50;
    let topic = Topic::new(RingLimits::DEFAULT, Seq::ZERO);
    let mut cursors: Vec<Cursor> = (0..N_LISTENERS).map(|_| live(&topic, 0)).collect();
    let mut seq = Seq::ZERO;
    for n_frames in [1, 8, 64] {
        let (mut publish, mut take, mut nothing) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
        for _ in 0..N_ROUNDS {
            let frames = frames(&mut seq, n_frames);
            let begin = Instant::now();
            topic.publish_all(frames);
            publish += begin.elapsed();

            let begin = Instant::now();
            for cursor in &mut cursors {
                assert!(matches!(cursor.take(TakeLimit::DEFAULT), Taken::Batch(_)));
            }
            take += begin.elapsed();

            let begin = Instant::now();
            for cursor in &mut cursors {
                assert_eq!(cursor.take(TakeLimit::DEFAULT), Taken::Nothing);
            }
            nothing += begin.elapsed();
        }
        let n_takes = (N_LISTENERS * N_ROUNDS) as u32;
        println!(
            "{n_frames:>2} frames at once: publish {:?}, take {:?}, take nothing {:?}",
            publish / N_ROUNDS as u32,
            take / n_takes,
            nothing / n_takes,
        );
    }
}

/// Hears everything up to the goodbye; returns how many frames in how many batches.
async fn listen(mut cursor: Cursor, n_heard: Arc<AtomicUsize>) -> (usize, u32) {
    let (mut n_frames, mut n_batches) = (0, 0);
    loop {
        match cursor.take(TakeLimit::DEFAULT) {
            Taken::Nothing => cursor.changed().await,
            Taken::Batch(batch) => {
                n_frames += batch.frames;
                n_batches += 1;
                n_heard.fetch_add(batch.frames, Ordering::Relaxed);
                // Where a socket would be written.
                tokio::task::yield_now().await;
            }
            Taken::Fallen { heard } => panic!("the ring holds all, fallen after {heard}"),
            Taken::Goodbye(_) => return (n_frames, n_batches),
        }
    }
}

/// Publishes `n_changes`, each when the listeners are on average less than `n_ahead` changes behind.
/// Returns the cost in words.
async fn deliver(n_changes: usize, n_ahead: usize) -> String {
    let topic = Topic::new(RingLimits::DEFAULT, Seq::ZERO);
    let n_heard = Arc::new(AtomicUsize::new(0));
    let listeners: Vec<_> = (0..N_LISTENERS)
        .map(|_| tokio::spawn(listen(live(&topic, 0), n_heard.clone())))
        .collect();
    let begin = Instant::now();
    let mut seq = Seq::ZERO;
    for n_published in 0..n_changes {
        while n_heard.load(Ordering::Relaxed) + n_ahead * N_LISTENERS <= n_published * N_LISTENERS {
            tokio::task::yield_now().await;
        }
        topic.publish_all(frames(&mut seq, 1));
    }
    topic.say_goodbye(Goodbye::Draining);
    let (mut n_frames, mut n_batches) = (0, 0);
    for listener in listeners {
        let (frames, batches) = listener.await.expect("no listener panics");
        n_frames += frames;
        n_batches += batches;
    }
    let spent = begin.elapsed();
    assert_eq!(n_frames, N_LISTENERS * n_changes);
    format!(
        "at most {n_ahead:>3} ahead: {n_frames} deliveries in {n_batches} batches, {spent:?} on 2 threads: \
         {:?} per delivery, {:?} per batch",
        spent / n_frames as u32,
        spent / n_batches,
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_delivery_costs_with_wake_ups() {
    for n_ahead in [1, 8, 64] {
        let cost = tokio::spawn(deliver(500, n_ahead)).await;
        println!("{}", cost.expect("the publisher does not panic"));
    }
}
