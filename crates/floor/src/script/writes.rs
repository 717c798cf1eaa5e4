//! How a script says the commands that no JSON says.
//!
//! ```text
//! party Ada 4 state=seated table=12      a new party, as it is to be
//! write Ada state=finished               a party that is there
//! end Ada                                off the list
//! table-is 12 state=available party=null a table that is there
//! new-table 14 4 section=Bar             a new one
//! end-table 14
//! act close 14                           what is done to a table, whoever sits there
//! act move 14 15
//! edit 14 state=occupied waiter=Maria     details, waiter and state in one go
//! put-up 15 4 state=dirty                the same, for a new one
//! dissolve Bar                           a section, unless tables in use belong to it
//! release 14                             to another restaurant
//! receive #77 14 4 covers=2              from there, with who sits at it
//! join 14 phone-a                        a phone at a table
//! transact write Ada state=seated; table-is 3 state=reserved
//! ```
//!
//! `@bar-1` is a client's name: `alias=@bar-1` gives it, `write @bar-1 …` uses it.

use super::Names;
use crate::{
    Alias, Command, Covers, Edited, GuestFields, Ids, Kind, Label, NamedWrite, NotedPatch, PartyWrite, Patch,
    Ref, SaidState, Seats, SectionId, SettableState, StaffId, StatedState, TableAct, TableArrival,
    TableDetails, TableEdit, TableId, TablePatch, TableWrite, Text, Transaction,
};
use serde::de::DeserializeOwned;
use serde_json::json;
use std::collections::BTreeMap;

type Fields<'a> = BTreeMap<&'a str, &'a str>;

impl Names {
    /// The write that `line` says, if it says one.
    pub(super) fn read_write(&mut self, line: &str, ids: &mut Ids) -> Option<Command> {
        let (verb, rest) = line.split_once(' ')?;
        let words: Vec<&str> = rest.split_whitespace().collect();
        let fields: Fields<'_> = words.iter().filter_map(|it| it.split_once('=')).collect();
        let plain: Vec<&str> = words.iter().copied().filter(|it| !it.contains('=')).collect();
        Some(match verb {
            "party" => {
                let id = ids.take(Kind::Party);
                self.call(Kind::Party, id, plain[0]);
                let covers = plain.get(1).map(|it| covers(it));
                let write = self.party_write(None, covers, &fields);
                self.expect_turn(&write, plain[0], ids);
                Command::WriteParty(Box::new(write))
            }
            "write" => {
                let write = self.party_write(Some(self.which(Kind::Party, plain[0])), None, &fields);
                self.expect_turn(&write, plain[0], ids);
                Command::WriteParty(Box::new(write))
            }
            "end" => Command::EndParty {
                party: self.party_ref(plain[0]),
            },
            "new-table" => {
                let id = ids.take(Kind::Table);
                self.call(Kind::Table, id, plain[0]);
                let write = TableWrite {
                    number: Label::new(plain[0]).ok(),
                    seats_max: plain.get(1).map(|it| covers(it)),
                    ..self.table_write(None, &fields)
                };
                Command::WriteTable(Box::new(write))
            }
            "table-is" => {
                let write = self.table_write(Some(self.table_ref(plain[0])), &fields);
                let turn = ids.take(Kind::Turn);
                self.call(Kind::Turn, turn, fields.get("party").copied().unwrap_or(plain[0]));
                Command::WriteTable(Box::new(write))
            }
            "end-table" => Command::EndTable {
                table: self.table_ref(plain[0]),
            },
            "act" => {
                let table = |nth: usize| TableId(self.id(Kind::Table, plain[nth]).as_u64().expect("an id"));
                Command::ActOnTable(match plain[0] {
                    "close" => TableAct::Close(table(1)),
                    "disable" => TableAct::Disable(table(1)),
                    "enable" => TableAct::Enable(table(1)),
                    "move" => TableAct::Move(table(1), table(2)),
                    other => panic!("no act `{other}`"),
                })
            }
            "edit" => {
                let table_id = TableId(self.id(Kind::Table, plain[0]).as_u64().expect("an id"));
                let changes = ["number", "seats", "active", "notes"];
                let is_about_details = changes.iter().any(|it| fields.contains_key(it));
                let patch = is_about_details.then(|| Box::new(table_patch(table_id, &fields)));
                let table = Edited::Known {
                    table_id,
                    version: fields.get("version").map(|it| it.parse().expect("a version")),
                    patch,
                };
                self.edit(table, plain[0], &fields, ids)
            }
            "put-up" => {
                let id = ids.take(Kind::Table);
                self.call(Kind::Table, id, plain[0]);
                let number = Label::new(plain[0]).expect("a number");
                let details = TableDetails::new(number, covers(plain[1]));
                self.edit(Edited::New(Box::new(details)), plain[0], &fields, ids)
            }
            "dissolve" => Command::DeleteSection {
                section_id: SectionId(self.id(Kind::Section, plain[0]).as_u64().expect("an id")),
                version: None,
                only_unused: true,
            },
            "release" => Command::ReleaseTable {
                table_id: TableId(self.id(Kind::Table, plain[0]).as_u64().expect("an id")),
                version: fields.get("version").map(|it| it.parse().expect("a version")),
            },
            "receive" => {
                let turn = ids.take(Kind::Turn);
                self.call(Kind::Turn, turn, plain[1]);
                let number = Label::new(plain[1]).expect("a number");
                let table_id = TableId(self.id(Kind::Table, plain[0]).as_u64().expect("an id"));
                self.call(Kind::Table, table_id.0, plain[1]);
                Command::ReceiveTable(Box::new(TableArrival {
                    table_id,
                    details: TableDetails::new(number, covers(plain[2])),
                    version: fields
                        .get("version")
                        .map_or(1, |it| it.parse().expect("a version")),
                    past: None,
                    waiter_id: fields.get("waiter").map(|it| self.staff_id(it)),
                    state: fields
                        .get("state")
                        .map_or(SettableState::Available, |it| word(it)),
                    covers: fields.get("covers").map(|it| covers(it)),
                }))
            }
            "join" => {
                let turn = ids.take(Kind::Turn);
                let name = plain[0].to_owned();
                // Whoever sits there already keeps the name that they came with.
                self.by_name.entry((Kind::Turn, name.clone())).or_insert(turn);
                self.by_id.entry((Kind::Turn, turn)).or_insert(name);
                let member = ids.take(Kind::Member);
                self.call(Kind::Member, member, plain[1]);
                Command::JoinTable {
                    table_id: TableId(self.id(Kind::Table, plain[0]).as_u64().expect("an id")),
                    device: Text::new(plain[1]).expect("a fingerprint"),
                }
            }
            "transact" => Command::Transact(Transaction {
                name: None,
                writes: rest
                    .split(';')
                    .map(|it| self.named_write(it.trim(), ids))
                    .collect(),
            }),
            _ => return None,
        })
    }

    fn edit(&mut self, table: Edited, name: &str, fields: &Fields<'_>, ids: &mut Ids) -> Command {
        let state = fields.get("state").map(|it| match *it {
            "available" => StatedState::Available,
            "occupied" => StatedState::Occupied,
            "reserved" => StatedState::Reserved,
            "dirty" => StatedState::Dirty,
            "out_of_service" => StatedState::OutOfService,
            other => panic!("no state {other}"),
        });
        if state == Some(StatedState::Occupied) {
            let turn = ids.take(Kind::Turn);
            self.by_name.entry((Kind::Turn, name.to_owned())).or_insert(turn);
            self.by_id.entry((Kind::Turn, turn)).or_insert(name.to_owned());
        }
        let waiter = patched(fields.get("waiter").copied(), |it| self.staff_id(it));
        Command::EditTable(Box::new(TableEdit { table, waiter, state }))
    }

    fn staff_id(&self, name: &str) -> StaffId {
        StaffId(self.id(Kind::Staff, name).as_u64().expect("an id"))
    }

    fn named_write(&mut self, line: &str, ids: &mut Ids) -> NamedWrite {
        let name = line.split_once("as=@").map(|it| it.1);
        NamedWrite {
            name: name.map(|it| alias(it.split(' ').next().unwrap_or_default())),
            command: self
                .read_write(line, ids)
                .unwrap_or_else(|| panic!("no write in `{line}`")),
        }
    }

    fn expect_turn(&mut self, write: &PartyWrite, party: &str, ids: &mut Ids) {
        if write.table.set().is_some() {
            let turn = ids.take(Kind::Turn);
            self.by_name.entry((Kind::Turn, party.to_owned())).or_insert(turn);
            self.by_id.insert((Kind::Turn, turn), party.to_owned());
        }
    }

    fn call(&mut self, kind: Kind, id: u64, name: &str) {
        self.by_name.insert((kind, name.to_owned()), id);
        self.by_id.insert((kind, id), name.to_owned());
    }

    fn party_write(
        &self,
        party: Option<Ref<crate::PartyId>>,
        covers: Option<Covers>,
        fields: &Fields<'_>,
    ) -> PartyWrite {
        let patch = |field: &str| fields.get(field).copied();
        PartyWrite {
            party,
            alias: patch("alias").map(|it| alias(it.trim_start_matches('@'))),
            covers: covers.or(patch("covers").map(self::covers)),
            guest: GuestFields {
                name: patched(patch("name"), |it| Text::new(it).expect("a name")),
                ..GuestFields::default()
            },
            state: patch("state").map(word),
            table: patched(patch("table"), |it| self.table_ref(it)),
            times: NotedPatch {
                expected_at: patched(patch("expected"), time),
                checked_in_at: patched(patch("checked_in"), time),
                seated_at: patched(patch("seated"), time),
                finished_at: patched(patch("finished"), time),
            },
        }
    }

    fn table_write(&self, table: Option<Ref<TableId>>, fields: &Fields<'_>) -> TableWrite {
        let patch = |field: &str| fields.get(field).copied();
        TableWrite {
            table,
            alias: patch("alias").map(|it| alias(it.trim_start_matches('@'))),
            number: patch("number").and_then(|it| Label::new(it).ok()),
            seats_max: patch("seats").map(covers),
            shape: patch("shape").map(word),
            position: patch("at").map(|it| {
                let (x, y) = it.split_once('/').expect("two shares");
                (x.parse().expect("a share"), y.parse().expect("a share"))
            }),
            section: patched(patch("section"), |it| Label::new(it).expect("a name")),
            state: patch("state").map(|it| match it {
                "occupied" => SaidState::Occupied,
                "available" => SaidState::Available,
                "reserved" => SaidState::Reserved,
                "out_of_service" => SaidState::OutOfService,
                "cleared" => SaidState::Cleared,
                other => panic!("no state {other}"),
            }),
            party: patched(patch("party"), |it| self.party_ref(it)),
        }
    }

    fn which(&self, kind: Kind, name: &str) -> Ref<crate::PartyId> {
        match name.strip_prefix('@') {
            Some(name) => Ref::Alias(alias(name)),
            None => Ref::Id(crate::PartyId(self.id(kind, name).as_u64().expect("an id"))),
        }
    }

    fn party_ref(&self, name: &str) -> Ref<crate::PartyId> {
        self.which(Kind::Party, name)
    }

    fn table_ref(&self, name: &str) -> Ref<TableId> {
        match name.strip_prefix('@') {
            Some(name) => Ref::Alias(alias(name)),
            None => Ref::Id(TableId(self.id(Kind::Table, name).as_u64().expect("an id"))),
        }
    }
}

fn table_patch(table_id: TableId, fields: &Fields<'_>) -> TablePatch {
    let seats = fields.get("seats").map(|it| Seats {
        min: Covers::ONE,
        max: covers(it),
        preferred: None,
    });
    TablePatch {
        number: fields.get("number").and_then(|it| Label::new(it).ok()),
        seats,
        active: fields.get("active").map(|it| *it == "true"),
        notes: patched(fields.get("notes").copied(), |it| {
            Text::new(it).expect("a remark")
        }),
        ..TablePatch::blank(table_id)
    }
}

fn patched<T>(word: Option<&str>, read: impl Fn(&str) -> T) -> Patch<T> {
    match word {
        None => Patch::Keep,
        Some("null") => Patch::Clear,
        Some(word) => Patch::Set(read(word)),
    }
}

fn word<T: DeserializeOwned>(word: &str) -> T {
    serde_json::from_value(json!(word)).expect("a word of this enum")
}

fn covers(word: &str) -> Covers {
    Covers::new(word.parse().expect("a number")).expect("a count")
}

fn time(word: &str) -> jiff::Timestamp {
    super::clock(word).expect("a time of day")
}

fn alias(word: &str) -> Alias {
    Alias::new(word).expect("an alias")
}
