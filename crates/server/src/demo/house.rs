//! The fixed parts of the demo: two restaurants, their tables, their staff.

use crate::clock::Clock;
use crate::directory::Directory;
use crate::floors::{AskError, Floors, OpenFloor};
use crate::identity::{Cost, Identity, KeyError, NewKey, NoPass, Pass, PeopleError, Rules, Staff, Way};
use crate::metrics::Metrics;
use crate::surface::ground::DemoSignIn;
use floor::{
    By, Command, Covers, Event, Feature, Label, PlanDetails, PlanId, RestaurantId, Role, Seats,
    SectionDetails, SectionId, Settings, Shape, StaffDetails, StaffId, TableDetails, Text, Units,
};
use hub::Hub;
use jiff::Timestamp;
use journal::{Account, AddRestaurantError, Journal, StorageError};
use std::sync::Arc;

/// The password of every demo account.
pub const PASSWORD: &str = "maitred-demo";

/// The demo accounts, with the restaurant's number.
pub const ACCOUNTS: [(&str, Role, u64); 9] = [
    ("admin", Role::Admin, 1),
    ("manager", Role::Manager, 1),
    ("host", Role::Host, 1),
    ("waiter", Role::Waiter, 1),
    ("waiter2", Role::Waiter, 1),
    ("cashier", Role::Cashier, 1),
    ("kitchen", Role::Kitchen, 1),
    ("analyst", Role::Analyst, 1),
    ("manager2", Role::Manager, 2),
];

/// Tables of each extra restaurant made for measuring.
pub const BENCH_TABLES: u64 = 10;

/// A restaurant of the demo.
pub struct House {
    /// Its id.
    pub restaurant_id: RestaurantId,
    /// Its slug.
    pub slug: String,
    /// The proof that the demo may act there.
    pub pass: Pass,
}

/// Why the demo house could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A restaurant was not added.
    #[error(transparent)]
    Add(#[from] AddRestaurantError),
    /// A command was not carried out.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// The journal failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The demo's own credential was refused.
    #[error(transparent)]
    Reach(#[from] NoPass),
    /// A key was not made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// An account was not made.
    #[error(transparent)]
    People(#[from] PeopleError),
}

/// By what rules the demo lets people in: with the passwords that its documents print.
#[must_use]
pub fn rules(rules: Rules) -> Rules {
    Rules {
        cost: Cost::Least,
        lets_public_in: true,
        ..rules
    }
}

/// Lets the demo's accounts and keys in, those that are not there yet.
pub async fn let_in(identity: &Identity, houses: &[House]) -> Result<DemoSignIn, BuildError> {
    let password_hash = identity.hash(PASSWORD).await?;
    let mut accounts = Vec::new();
    for (number, (name, _, restaurant)) in (1..).zip(ACCOUNTS) {
        let staff_id = StaffId(number);
        if identity.has_account(staff_id) {
            continue;
        }
        let pin_hash = match restaurant {
            1 => Some(identity.hash(&(1_000 + number).to_string()).await?),
            _ => None,
        };
        accounts.push(Account {
            staff_id,
            login: name.to_owned(),
            email: Some(format!("{name}@demo.test")),
            password_hash: Some(password_hash.clone()),
            pin_hash,
            public: true,
            created_at: identity.clock().now(),
        });
    }
    identity.add_public_accounts(accounts).await?;
    for house in houses {
        let (key, name) = match house.slug.strip_prefix("bench-") {
            Some(number) => (format!("bench-key-{number}"), house.slug.clone()),
            None => (
                format!("demo-key-restaurant-{}", house.restaurant_id),
                format!("demo-{}", house.slug),
            ),
        };
        if identity
            .keys(house.restaurant_id)
            .iter()
            .any(|it| it.name == name)
        {
            continue;
        }
        let new = NewKey {
            name,
            role: Role::Manager,
            expires_at: None,
        };
        identity.add_public_key(house.restaurant_id, new, &key).await?;
    }
    Ok(DemoSignIn {
        login: "manager",
        password: PASSWORD,
    })
}

/// Whether a journal is one that a demo made.
pub async fn is_demo(journal: &Journal) -> Result<bool, StorageError> {
    let restaurants = journal.restaurants().await?;
    let first = restaurants.iter().find(|it| it.id == RestaurantId(1));
    Ok(first.is_some_and(|it| it.slug == "test-restaurant-1"))
}

/// Builds what is missing of the demo house, and `n_extra` restaurants for measuring, as if at `at`.
/// Nobody else may have entered these restaurants yet.
pub async fn build(journal: &Journal, n_extra: u64, at: Timestamp) -> Result<Vec<House>, BuildError> {
    let clock = Clock::standing_at(at);
    let directory = Directory::read(journal).await?;
    let rules = rules(Rules::default());
    let metrics = Metrics::default();
    let identity = Identity::start(journal.clone(), directory, clock.clone(), metrics.clone(), rules).await?;
    let builder = Arc::new(Staff {
        name: "demo".to_owned(),
        ..Staff::operator(Way::Control)
    });
    let hub = Hub::new();
    let floors = Floors::new(journal.clone(), hub, clock, metrics, identity.clone(), Vec::new());
    let mut wanted = vec!["test-restaurant-1".to_owned(), "bistro-2".to_owned()];
    wanted.extend((1..=n_extra).map(|it| format!("bench-{it}")));
    let mut houses = Vec::new();
    for slug in wanted {
        let restaurant_id = match floors.directory().find(&slug) {
            Some(id) => id,
            None => floors.add_restaurant(&slug).await?,
        };
        let pass = identity.enter(&builder, restaurant_id)?;
        let floor = floors.enter(&pass).await?;
        if floor.view().floor.settings.is_none() {
            furnish(&floor, &pass, &slug).await?;
        }
        houses.push(House {
            restaurant_id,
            slug,
            pass,
        });
    }
    floors.close().await;
    Ok(houses)
}

async fn furnish(floor: &OpenFloor, pass: &Pass, slug: &str) -> Result<(), BuildError> {
    match slug {
        "test-restaurant-1" => harbour_house(floor, pass).await,
        "bistro-2" => bistro_two(floor, pass).await,
        _ => bench_house(floor, pass, slug).await,
    }
}

async fn harbour_house(floor: &OpenFloor, pass: &Pass) -> Result<(), BuildError> {
    let settings = settings("Harbour House", "America/New_York", "USD");
    let mut opening = vec![Command::OpenRestaurant(settings)];
    opening.extend(
        ACCOUNTS
            .iter()
            .filter(|it| it.2 == 1)
            .map(|(name, role, _)| staff(name, *role)),
    );
    opening.push(plan("Main", 0));
    opening.push(plan("Terrace", 1));
    let events = ask(floor, pass, opening).await?;
    let (plans, waiters) = (plan_ids(&events), staff_ids(&events));
    let sections = [
        section("Window", "#5b8fb9", plans[0], waiters[3]),
        section("Centre", "#b98a5b", plans[0], waiters[4]),
        section("Terrace", "#6f9e6b", plans[1], waiters[3]),
    ];
    let sections = section_ids(&ask(floor, pass, sections.to_vec()).await?);
    let mut tables = Vec::new();
    for spot in MAIN_ROOM {
        let section = if spot.y < 200 { sections[0] } else { sections[1] };
        tables.push(spot.table(plans[0], section));
    }
    for spot in TERRACE {
        tables.push(spot.table(plans[1], sections[2]));
    }
    ask(floor, pass, tables).await.map(drop)
}

async fn bistro_two(floor: &OpenFloor, pass: &Pass) -> Result<(), BuildError> {
    let settings = settings("Bistro Two", "Europe/Paris", "EUR");
    let manager = ACCOUNTS[8];
    let opening = vec![
        Command::OpenRestaurant(settings),
        staff(manager.0, manager.1),
        plan("Salle", 0),
    ];
    let events = ask(floor, pass, opening).await?;
    let plan_id = plan_ids(&events)[0];
    let tables = BISTRO.iter().map(|it| it.table(plan_id, None)).collect();
    ask(floor, pass, tables).await.map(drop)
}

async fn bench_house(floor: &OpenFloor, pass: &Pass, name: &str) -> Result<(), BuildError> {
    let mut commands = vec![Command::OpenRestaurant(settings(name, "UTC", "USD"))];
    for number in 1..=BENCH_TABLES {
        #[expect(clippy::cast_possible_truncation, reason = "there are ten")]
        let x = number as i32 * 70;
        let spot = Spot {
            number,
            x,
            y: 300,
            seats: (1, 4),
            shape: Shape::Square,
            features: &[],
        };
        commands.push(spot.table(None, None));
    }
    ask(floor, pass, commands).await.map(drop)
}

/// Where a table stands, and what it is.
struct Spot {
    number: u64,
    x: i32,
    y: i32,
    seats: (i64, i64),
    shape: Shape,
    features: &'static [Feature],
}

const fn spot(number: u64, x: i32, y: i32, seats: (i64, i64), shape: Shape) -> Spot {
    Spot {
        number,
        x,
        y,
        seats,
        shape,
        features: &[],
    }
}

const fn window(number: u64, x: i32, y: i32, seats: (i64, i64), shape: Shape) -> Spot {
    Spot {
        number,
        x,
        y,
        seats,
        shape,
        features: &[Feature::Window],
    }
}

const fn outside(number: u64, x: i32, y: i32, seats: (i64, i64), shape: Shape) -> Spot {
    Spot {
        number,
        x,
        y,
        seats,
        shape,
        features: &[Feature::Outdoor],
    }
}

const MAIN_ROOM: [Spot; 14] = [
    window(1, 90, 90, (1, 2), Shape::Square),
    window(2, 215, 90, (1, 2), Shape::Square),
    window(3, 340, 90, (1, 2), Shape::Square),
    window(4, 465, 90, (2, 4), Shape::Round),
    window(5, 590, 90, (2, 4), Shape::Round),
    window(6, 715, 90, (1, 2), Shape::Square),
    spot(7, 110, 270, (2, 4), Shape::Square),
    spot(8, 260, 270, (2, 4), Shape::Square),
    spot(9, 420, 270, (3, 6), Shape::Rectangle),
    spot(10, 620, 270, (4, 8), Shape::Rectangle),
    spot(11, 110, 430, (1, 2), Shape::Round),
    spot(12, 260, 430, (2, 4), Shape::Round),
    spot(13, 420, 430, (3, 6), Shape::Oval),
    spot(14, 620, 430, (2, 4), Shape::Booth),
];

const TERRACE: [Spot; 6] = [
    outside(15, 120, 170, (1, 2), Shape::Round),
    outside(16, 290, 170, (1, 2), Shape::Round),
    outside(17, 460, 170, (2, 4), Shape::Round),
    outside(18, 640, 170, (2, 4), Shape::Square),
    outside(19, 220, 390, (3, 6), Shape::Rectangle),
    outside(20, 540, 390, (4, 8), Shape::Rectangle),
];

const BISTRO: [Spot; 6] = [
    spot(1, 150, 150, (1, 2), Shape::Round),
    spot(2, 400, 150, (1, 2), Shape::Round),
    spot(3, 650, 150, (2, 4), Shape::Square),
    spot(4, 150, 400, (2, 4), Shape::Square),
    spot(5, 400, 400, (3, 6), Shape::Rectangle),
    spot(6, 650, 400, (1, 2), Shape::Bar),
];

impl Spot {
    fn table(&self, plan_id: impl Into<Option<PlanId>>, section_id: impl Into<Option<SectionId>>) -> Command {
        let (min, max) = self.seats;
        let covers = |it| Covers::new(it).expect("a fixed number of seats");
        let (width, height) = match (self.shape, max) {
            (Shape::Rectangle | Shape::Oval | Shape::Booth, 7..) => (150, 72),
            (Shape::Rectangle | Shape::Oval | Shape::Booth, _) => (118, 68),
            (_, ..=2) => (56, 56),
            _ => (72, 72),
        };
        Command::CreateTable(TableDetails {
            number: label(&self.number.to_string()),
            seats: Seats {
                min: covers(min),
                max: covers(max),
                preferred: None,
            },
            shape: self.shape,
            x: Units::whole(self.x),
            y: Units::whole(self.y),
            width: Units::whole(width),
            height: Units::whole(height),
            rotation: 0,
            plan_id: plan_id.into(),
            section_id: section_id.into(),
            features: self.features.to_vec(),
            combinable: true,
            active: true,
            notes: None,
            extra: None,
        })
    }
}

fn settings(name: &str, zone: &str, currency: &str) -> Settings {
    Settings {
        time_zone: zone.to_owned().try_into().expect("a fixed zone"),
        currency: currency.to_owned().try_into().expect("a fixed currency"),
        ..Settings::named(label(name))
    }
}

fn staff(name: &str, role: Role) -> Command {
    Command::AddStaff(StaffDetails {
        name: label(name),
        roles: vec![role],
        active: true,
    })
}

fn plan(name: &str, display_order: i32) -> Command {
    Command::CreatePlan(PlanDetails {
        name: label(name),
        default: display_order == 0,
        active: true,
        display_order,
        width: Units::whole(800),
        height: Units::whole(if display_order == 0 { 540 } else { 500 }),
        grid: Some(Units::whole(20)),
        background: None,
        extra: None,
    })
}

fn section(name: &str, color: &str, plan_id: PlanId, waiter_id: StaffId) -> Command {
    Command::CreateSection(SectionDetails {
        name: label(name),
        color: Text::new(color).ok(),
        plan_id: Some(plan_id),
        waiter_id: Some(waiter_id),
        vip: false,
        smoking: false,
        capacity: None,
        display_order: 0,
        active: true,
        extra: None,
    })
}

fn label(text: &str) -> Label {
    Label::new(text).expect("a fixed text")
}

async fn ask(floor: &OpenFloor, pass: &Pass, commands: Vec<Command>) -> Result<Vec<Event>, BuildError> {
    let by: By = pass.by("operator");
    let receipt = floor.ask(Command::Batch { commands }, by, None).await?;
    Ok(receipt.change.events.clone())
}

fn plan_ids(events: &[Event]) -> Vec<PlanId> {
    let id = |it: &Event| {
        if let Event::PlanCreated { plan_id, .. } = it {
            Some(*plan_id)
        } else {
            None
        }
    };
    events.iter().filter_map(id).collect()
}

fn staff_ids(events: &[Event]) -> Vec<StaffId> {
    let id = |it: &Event| {
        if let Event::StaffAdded { staff_id, .. } = it {
            Some(*staff_id)
        } else {
            None
        }
    };
    events.iter().filter_map(id).collect()
}

fn section_ids(events: &[Event]) -> Vec<SectionId> {
    let id = |it: &Event| {
        if let Event::SectionCreated { section_id, .. } = it {
            Some(*section_id)
        } else {
            None
        }
    };
    events.iter().filter_map(id).collect()
}
