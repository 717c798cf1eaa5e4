//! The floors that are open, and the one way to ask something of one.
//!
//! Knows who waits for whom; knows no protocol. Surfaces get a [`OpenFloor`] by showing a
//! [`Pass`](crate::identity::Pass), which proves that somebody checked who asks.

mod ask;
mod dialect;
mod draft;
mod id_blocks;
mod journaling;
mod loan;
mod moving;
mod past;
mod view;
mod writer;

pub use ask::{Ask, AskError, IdempotencyKey, Receipt};
pub use dialect::{Beat, Dialect, Told};
pub use past::{Heard, Past, is_replayed};
pub use view::{GuestBook, View};

use crate::clock::Clock;
use crate::directory::Directory;
use crate::identity::{Identity, Pass};
use crate::limits::{ASKS_WAITING_MAX, MIN_SEQ_WAIT};
use crate::metrics::Metrics;
use floor::{By, Command, RestaurantId, Seq};
use futures_util::future::OptionFuture;
use hub::{Hub, Topic};
use id_blocks::IdBlocks;
use journal::{Journal, StorageError};
use loan::{Errand, Loan};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OnceCell, RwLock, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use writer::Writer;

/// Every open floor of this node. Cheap to clone.
#[derive(Clone)]
pub struct Floors {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) journal: Journal,
    pub(crate) hub: Hub,
    pub(crate) clock: Clock,
    pub(crate) metrics: Metrics,
    pub(crate) identity: Identity,
    pub(crate) ids: IdBlocks,
    pub(crate) dialects: Vec<Dialect>,
    open: Mutex<BTreeMap<RestaurantId, Arc<OnceCell<Arc<OpenFloor>>>>>,
    writers: Mutex<BTreeMap<RestaurantId, JoinHandle<()>>>,
    /// Read by every move while one of its floors has been told and the other may not have been.
    crossing: RwLock<()>,
}

/// One restaurant's floor, open on this node.
pub struct OpenFloor {
    /// Whose it is.
    pub restaurant_id: RestaurantId,
    errands: Mutex<Option<mpsc::Sender<Errand>>>,
    view: watch::Receiver<Arc<View>>,
    topics: BTreeMap<&'static str, Topic>,
}

impl Floors {
    /// Opens no floor yet: each is opened when it is first asked for. `identity` hears of every change
    /// about people.
    #[must_use]
    pub fn new(
        journal: Journal,
        hub: Hub,
        clock: Clock,
        metrics: Metrics,
        identity: Identity,
        dialects: Vec<Dialect>,
    ) -> Floors {
        let shared = Shared {
            ids: IdBlocks::new(journal.clone()),
            journal,
            hub,
            clock,
            metrics,
            identity,
            dialects,
            open: Mutex::default(),
            writers: Mutex::default(),
            crossing: RwLock::default(),
        };
        Floors {
            shared: Arc::new(shared),
        }
    }

    /// The journal underneath, for questions about the past.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.shared.journal
    }

    /// The rooms of those who listen.
    #[must_use]
    pub fn hub(&self) -> &Hub {
        &self.shared.hub
    }

    /// The clock that changes are stamped with.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Which restaurants there are.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        self.shared.identity.directory()
    }

    /// Enters a new restaurant into the journal. It opens with its first command.
    pub async fn add_restaurant(&self, slug: &str) -> Result<RestaurantId, journal::AddRestaurantError> {
        let id = self.shared.journal.add_restaurant(slug).await?;
        self.directory().add(id, slug);
        Ok(id)
    }

    /// The floor that `pass` opens.
    pub async fn enter(&self, pass: &Pass) -> Result<Arc<OpenFloor>, StorageError> {
        self.opened(pass.restaurant_id()).await
    }

    /// What guests call a restaurant: the one thing about it that anybody may know.
    pub async fn name(&self, restaurant_id: RestaurantId) -> Result<Option<String>, StorageError> {
        let view = self.opened(restaurant_id).await?.view();
        Ok(view.floor.settings.as_ref().map(|it| it.name.to_string()))
    }

    async fn opened(&self, restaurant_id: RestaurantId) -> Result<Arc<OpenFloor>, StorageError> {
        let cell = {
            let mut open = self.shared.open.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(open.entry(restaurant_id).or_default())
        };
        cell.get_or_try_init(|| self.open(restaurant_id)).await.cloned()
    }

    async fn open(&self, restaurant_id: RestaurantId) -> Result<Arc<OpenFloor>, StorageError> {
        let slug: Arc<str> = self.directory().slug(restaurant_id).unwrap_or_default().into();
        let dialects = &self.shared.dialects;
        let view = View::load(
            &self.shared.journal,
            &self.shared.identity,
            restaurant_id,
            &slug,
            dialects,
        )
        .await?;
        let (errands, waiting) = mpsc::channel(ASKS_WAITING_MAX);
        let (writer, view) = Writer::new(Arc::clone(&self.shared), view, slug, waiting);
        let topics = writer.topics();
        let task = tokio::spawn(writer.run());
        self.shared
            .writers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(restaurant_id, task);
        Ok(Arc::new(OpenFloor {
            restaurant_id,
            errands: Mutex::new(Some(errands)),
            view,
            topics,
        }))
    }

    /// Lets every writer finish what it has and save its floor. Later commands are answered `draining`.
    pub async fn close(&self) {
        let open: Vec<_> = {
            let open = self.shared.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.values().filter_map(|it| it.get().cloned()).collect()
        };
        for floor in open {
            let writer = {
                let mut writers = self.shared.writers.lock().unwrap_or_else(PoisonError::into_inner);
                writers.remove(&floor.restaurant_id)
            };
            floor.end(writer).await;
        }
    }
}

impl OpenFloor {
    /// Takes no more commands, and waits until its writer has finished and saved.
    async fn end(&self, writer: Option<JoinHandle<()>>) {
        self.errands.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(error)) = OptionFuture::from(writer).await {
            tracing::error!(%error, "a floor's writer ended badly");
        }
    }

    /// The frames that a dialect's listeners get.
    ///
    /// # Panics
    /// When the floors were started without that dialect.
    #[must_use]
    pub fn topic(&self, name: &'static str) -> Topic {
        self.topics
            .get(name)
            .expect("every surface's dialect is given at the start")
            .clone()
    }

    /// How many listen, over all surfaces.
    #[must_use]
    pub fn listeners(&self) -> usize {
        self.topics.values().map(Topic::listeners).sum()
    }

    /// The floor as everybody sees it now.
    #[must_use]
    pub fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.borrow())
    }

    /// The floor once it has come to `seq`, or `None` when that takes too long.
    pub async fn view_at_least(&self, seq: Seq) -> Option<Arc<View>> {
        let mut view = self.view.clone();
        let reached = tokio::time::timeout(MIN_SEQ_WAIT, view.wait_for(|it| it.seq >= seq)).await;
        match reached {
            Ok(Ok(view)) => Some(Arc::clone(&view)),
            _ => None,
        }
    }

    /// Asks the floor for `command`. The answer comes when it is durable and every screen has been told.
    pub async fn ask(
        &self,
        command: Command,
        by: By,
        key: Option<IdempotencyKey>,
    ) -> Result<Receipt, AskError> {
        self.submit(command, by, key)?
            .await
            .map_err(|_| AskError::Draining)?
    }

    /// As [`OpenFloor::ask`], without waiting: the answer comes through the receiver.
    pub fn submit(
        &self,
        command: Command,
        by: By,
        key: Option<IdempotencyKey>,
    ) -> Result<oneshot::Receiver<Result<Receipt, AskError>>, AskError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Errand::Ask(Box::new(Ask {
            command,
            by,
            key,
            reply,
        })))?;
        Ok(answer)
    }

    /// Borrows the floor once everything asked before is done.
    async fn borrow(&self) -> Result<Loan, AskError> {
        let (lend, lent) = oneshot::channel();
        self.enqueue(Errand::Lend(lend))?;
        lent.await.map_err(|_| AskError::Draining)
    }

    fn enqueue(&self, errand: Errand) -> Result<(), AskError> {
        let errands = self.errands.lock().unwrap_or_else(PoisonError::into_inner);
        let errands = errands.as_ref().ok_or(AskError::Draining)?;
        errands.try_send(errand).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => AskError::Busy,
            mpsc::error::TrySendError::Closed(_) => AskError::Draining,
        })
    }
}
