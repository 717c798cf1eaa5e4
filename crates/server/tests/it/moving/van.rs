//! Whoever carries tables between the two restaurants of the demo house.

use crate::house::House;
use floor::{By, Command, Covers, Event, RestaurantId, Table, TableId, TableMove, TablePatch, TableState};
use maitred::floors::{AskError, Floors, IdempotencyKey, OpenFloor, Receipt, View};
use maitred::identity::{Credential, Pass, Way};
use serde_json::{Value, json};
use std::sync::Arc;

/// The surface that moves are recorded under, and nothing else is.
pub(crate) const SURFACE: &str = "van";
/// The restaurants, by the numbers that they have here.
pub(crate) const SIDES: [RestaurantId; 2] = [RestaurantId(1), RestaurantId(2)];
/// The keys of their managers, and their names in addresses.
pub(crate) const MANAGERS: [(&str, &str); 2] = [
    ("demo-key-restaurant-1", "test-restaurant-1"),
    ("demo-key-restaurant-2", "bistro-2"),
];

/// Somebody with the keys of both houses.
#[derive(Clone)]
pub(crate) struct Van {
    floors: Floors,
    pub(crate) open: [Arc<OpenFloor>; 2],
    pub(crate) passes: [Pass; 2],
}

impl Van {
    pub(crate) async fn of(house: &House) -> Van {
        Van::through(house, house.floors.clone()).await
    }

    /// As [`Van::of`], through the floors of another node.
    pub(crate) async fn through(house: &House, floors: Floors) -> Van {
        let pass = async |side: usize| {
            let credential = Credential::new(MANAGERS[side].0, Way::Header);
            let staff = house.identity.identify(&credential).await.unwrap();
            house.identity.enter(&staff, SIDES[side]).unwrap()
        };
        let passes = [pass(0).await, pass(1).await];
        let open = [
            floors.enter(&passes[0]).await.unwrap(),
            floors.enter(&passes[1]).await.unwrap(),
        ];
        Van { floors, open, passes }
    }

    /// Moves a table to this side, as it is.
    pub(crate) async fn carry(&self, table_id: TableId, to: usize) -> Result<(Receipt, Receipt), AskError> {
        self.carry_as(plainly(table_id), to, None).await
    }

    pub(crate) async fn carry_as(
        &self,
        table_move: TableMove,
        to: usize,
        key: Option<IdempotencyKey>,
    ) -> Result<(Receipt, Receipt), AskError> {
        let (from, to) = (&self.passes[1 - to], &self.passes[to]);
        self.floors.move_table(from, to, table_move, SURFACE, key).await
    }

    /// Asks one side for a command.
    pub(crate) async fn ask(&self, side: usize, command: Value) -> Result<Receipt, AskError> {
        let command: Command = serde_json::from_value(command).unwrap();
        let by = By {
            surface: "test".to_owned(),
            ..self.passes[side].by("test")
        };
        self.open[side].ask(command, by, None).await
    }

    /// Puts up a table.
    pub(crate) async fn put_up(&self, side: usize, number: &str) -> TableId {
        let seats = json!({"min": 1, "max": 4});
        let command = json!({"create_table": {"number": number, "seats": seats}});
        let made = self.ask(side, command).await.unwrap();
        match made.change.events[0] {
            Event::TableCreated { table_id, .. } => table_id,
            ref other => panic!("{other:?}"),
        }
    }

    pub(crate) fn view(&self, side: usize) -> Arc<View> {
        self.open[side].view()
    }

    /// Where a table is, and the table.
    pub(crate) fn find(&self, table_id: TableId) -> Option<(usize, Table)> {
        let find = |side: usize| self.view(side).floor.tables.get(&table_id).cloned();
        (0..2).find_map(|side| Some((side, find(side)?)))
    }

    /// Seats two people at a table of this side.
    pub(crate) async fn seat(&self, side: usize, table_ids: &[TableId], covers: u64) {
        let command = json!({"seat_walk_in": {"table_ids": table_ids, "covers": covers}});
        self.ask(side, command).await.unwrap();
    }

    /// How many sit at a table.
    pub(crate) fn covers(&self, side: usize, table_id: TableId) -> Option<Covers> {
        let floor = &self.view(side).floor;
        match floor.tables[&table_id].state {
            TableState::Occupied { turn_id } => Some(floor.turns[&turn_id].covers),
            _ => None,
        }
    }

    /// The heads of both journals, and what both floors add up to.
    pub(crate) fn standing(&self) -> [(u64, String); 2] {
        [0, 1].map(|side| {
            let view = self.view(side);
            (view.seq.0, view.digest().to_owned())
        })
    }
}

/// A move that changes nothing else about the table.
pub(crate) fn plainly(table_id: TableId) -> TableMove {
    TableMove {
        patch: TablePatch::blank(table_id),
        waiter_id: None,
        state: None,
    }
}
