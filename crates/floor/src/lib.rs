//! What may happen in a dining room: the rules, and nothing else.
//!
//! [`Floor::decide`] looks at a [`Command`] and answers with events or a [`Refusal`]; [`Floor::apply`]
//! takes events in. No I/O, no clock, no randomness, nothing `async`: time and fresh ids come in as
//! arguments, so that any evening can be replayed, and two nodes print the same floor.

mod floor;

mod command;
mod event;
mod refusal;

mod canonical;
mod change;
mod ids;

mod admission;
mod alias;
mod call;
mod guest;
mod member;
mod party;
mod party_write;
mod plan;
mod section;
mod settings;
mod staff;
mod table;
mod table_act;
mod table_edit;
mod table_write;
mod touched;
mod transaction;
mod turn;
mod undo;

mod covers;
mod extra;
mod patch;
mod text;
mod units;

pub mod limits;

#[cfg(test)]
mod script;

pub use admission::Admission;
pub use alias::{Alias, AliasError, Ref};
pub use call::{Call, CallKind};
pub use change::{By, Change};
pub use command::Command;
pub use covers::{Covers, CoversError};
pub use event::Event;
pub use extra::{Extra, ExtraError};
pub use floor::{Decision, Floor};
pub use guest::{GuestDetails, GuestFields, GuestPatch, GuestWrite, NameParts};
pub use ids::{
    CallId, GuestId, Ids, Kind, MemberId, PartyId, PlanId, RestaurantId, SectionId, Seq, StaffId, TableId,
    TurnId,
};
pub use member::Member;
pub use party::{
    Noted, NotedPatch, Party, PartyDetails, PartyDetailsStored, PartyPatch, PartyState, Quote, Source,
    Standing,
};
pub use party_write::PartyWrite;
pub use patch::Patch;
pub use plan::{Plan, PlanDetails, PlanPatch};
pub use refusal::{Refusal, RefusalKind};
pub use section::{Section, SectionDetails, SectionPatch};
pub use settings::{
    BusinessType, Contact, ContactPatch, Currency, Hour, RestaurantMode, Settings, SettingsPatch, ZoneName,
};
pub use staff::{Role, StaffAdmission, StaffDetails, StaffMember, StaffPatch};
pub use table::{Feature, Seats, SettableState, Shape, Table, TableDetails, TablePatch, TableState};
pub use table_act::TableAct;
pub use table_edit::{Edited, StatedState, TableArrival, TableEdit, TableMove, TablePast};
pub use table_write::{SaidState, TableWrite};
pub use text::{Label, Note, Text, TextError};
pub use touched::Touched;
pub use transaction::{Entity, NamedWrite, Transaction};
pub use turn::{Stage, Turn, TurnCode};
pub use undo::{Before, TablePutBack};
pub use units::{Units, UnitsError};
