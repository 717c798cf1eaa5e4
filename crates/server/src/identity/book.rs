//! The register in memory, with what things are looked up by. Written to the journal first, then here.

use floor::{Change, Event, RestaurantId, StaffDetails, StaffId};
use journal::{Account, ApiKey, Device, Member, Register, Registration, SignIn};
use std::collections::{BTreeMap, HashMap};

/// Everybody who may sign in, who has, and with what.
#[derive(Default)]
pub(super) struct Book {
    accounts: BTreeMap<StaffId, Account>,
    /// Logins and e-mail addresses in small letters.
    names: HashMap<String, StaffId>,
    members: BTreeMap<StaffId, BTreeMap<RestaurantId, Member>>,
    keys: BTreeMap<u64, ApiKey>,
    keys_by_hash: HashMap<[u8; 32], u64>,
    devices: BTreeMap<u64, Device>,
    devices_by_hash: HashMap<[u8; 32], u64>,
    sign_ins: HashMap<String, SignIn>,
    sign_ins_by_cookie: HashMap<[u8; 32], String>,
    sign_ins_by_staff: BTreeMap<StaffId, Vec<String>>,
    /// Whether accounts and keys whose secrets are printed in documents let anybody in.
    lets_public_in: bool,
}

impl Book {
    pub(super) fn of(register: Register, lets_public_in: bool) -> Book {
        let mut book = Book {
            lets_public_in,
            ..Book::default()
        };
        for member in register.members {
            book.take_in_member(member);
        }
        let accounts = register.accounts.into_iter().map(Registration::Account);
        let keys = register.keys.into_iter().map(Registration::Key);
        let devices = register.devices.into_iter().map(Registration::Device);
        let sign_ins = register.sign_ins.into_iter().map(Registration::SignIn);
        for registration in accounts.chain(keys).chain(devices).chain(sign_ins) {
            book.take_in(registration);
        }
        book
    }

    /// Takes in what has become durable.
    pub(super) fn take_in(&mut self, registration: Registration) {
        match registration {
            Registration::Account(it) if it.public && !self.lets_public_in => {}
            Registration::Key(it) if it.public && !self.lets_public_in => {}
            Registration::Account(it) => self.take_in_account(it),
            Registration::Key(it) => {
                self.keys_by_hash.insert(it.hash, it.key_id);
                self.keys.insert(it.key_id, it);
            }
            Registration::Device(it) => {
                self.devices_by_hash.insert(it.hash, it.device_id);
                self.devices.insert(it.device_id, it);
            }
            Registration::SignIn(it) => self.take_in_sign_in(it),
            Registration::Rotate {
                id,
                to,
                seen_at,
                expires_at,
                ..
            } => {
                if let Some(sign_in) = self.sign_ins.get_mut(&id) {
                    sign_in.refresh_hash = Some(to);
                    sign_in.seen_at = seen_at;
                    sign_in.expires_at = expires_at;
                }
            }
            // The directory and the tokens have their own; public rows were never taken in.
            Registration::Restaurant { .. } | Registration::SigningKey(_) | Registration::ForgetPublic => {}
        }
    }

    fn take_in_account(&mut self, account: Account) {
        let names = |it: &Account| {
            let email = it.email.as_ref().map(|it| it.to_lowercase());
            std::iter::once(it.login.to_lowercase()).chain(email)
        };
        if let Some(before) = self.accounts.get(&account.staff_id) {
            for name in names(before) {
                self.names.remove(&name);
            }
        }
        for name in names(&account) {
            self.names.insert(name, account.staff_id);
        }
        self.accounts.insert(account.staff_id, account);
    }

    fn take_in_sign_in(&mut self, sign_in: SignIn) {
        // Of an account that lets nobody in: not even those who came before. One that has ended is as good
        // as one that never was.
        if !self.accounts.contains_key(&sign_in.staff_id) || sign_in.ended_at.is_some() {
            return self.forget_sign_in(&sign_in);
        }
        if let Some(hash) = sign_in.cookie_hash {
            self.sign_ins_by_cookie.insert(hash, sign_in.id.clone());
        }
        let of_staff = self.sign_ins_by_staff.entry(sign_in.staff_id).or_default();
        if !of_staff.contains(&sign_in.id) {
            of_staff.push(sign_in.id.clone());
        }
        self.sign_ins.insert(sign_in.id.clone(), sign_in);
    }

    fn forget_sign_in(&mut self, sign_in: &SignIn) {
        self.sign_ins.remove(&sign_in.id);
        if let Some(hash) = sign_in.cookie_hash {
            self.sign_ins_by_cookie.remove(&hash);
        }
        if let Some(ids) = self.sign_ins_by_staff.get_mut(&sign_in.staff_id) {
            ids.retain(|it| *it != sign_in.id);
        }
    }

    fn take_in_member(&mut self, member: Member) {
        let of_staff = self.members.entry(member.staff_id).or_default();
        of_staff.insert(member.restaurant_id, member);
    }

    /// Takes in what a change says about people; answers of whom.
    pub(super) fn hear(&mut self, change: &Change) -> Vec<StaffId> {
        let mut heard = Vec::new();
        for event in &change.events {
            let (Event::StaffAdded { staff_id, details } | Event::StaffUpdated { staff_id, details }) = event
            else {
                continue;
            };
            let StaffDetails { name, roles, active } = details.clone();
            self.take_in_member(Member {
                restaurant_id: change.restaurant_id,
                staff_id: *staff_id,
                name: name.to_string(),
                roles,
                active,
            });
            heard.push(*staff_id);
        }
        heard
    }

    /// When the last of all sign-ins runs out.
    pub(super) fn last_expiry(&self) -> Option<jiff::Timestamp> {
        self.sign_ins.values().map(|it| it.expires_at).max()
    }

    /// Forgets sign-ins that have run out.
    pub(super) fn forget_sign_ins(&mut self, now: jiff::Timestamp) {
        self.sign_ins.retain(|_, it| it.expires_at > now);
        let left = &self.sign_ins;
        self.sign_ins_by_cookie.retain(|_, id| left.contains_key(id));
        self.sign_ins_by_staff.retain(|_, ids| {
            ids.retain(|it| left.contains_key(it));
            !ids.is_empty()
        });
    }

    pub(super) fn account(&self, staff_id: StaffId) -> Option<&Account> {
        self.accounts.get(&staff_id)
    }

    /// The account with this login or e-mail address.
    pub(super) fn account_named(&self, name: &str) -> Option<&Account> {
        let staff_id = self.names.get(&name.trim().to_lowercase())?;
        self.accounts.get(staff_id)
    }

    /// Where somebody works or has worked.
    pub(super) fn places(&self, staff_id: StaffId) -> impl Iterator<Item = &Member> {
        self.members.get(&staff_id).into_iter().flat_map(BTreeMap::values)
    }

    /// Whether somebody works anywhere now.
    pub(super) fn works_somewhere(&self, staff_id: StaffId) -> bool {
        self.places(staff_id).any(|it| it.active)
    }

    /// The restaurants whose admins read of what somebody does: the one that they came in for, else those
    /// where they work now; of somebody who works nowhere, those where they did.
    pub(super) fn concerned(&self, staff_id: StaffId, within: Option<RestaurantId>) -> Vec<RestaurantId> {
        if let Some(within) = within {
            return vec![within];
        }
        let works_somewhere = self.works_somewhere(staff_id);
        let concerned = self.places(staff_id).filter(|it| it.active || !works_somewhere);
        concerned.map(|it| it.restaurant_id).collect()
    }

    /// Somebody's place in a restaurant, if they work there now.
    pub(super) fn active(&self, staff_id: StaffId, restaurant_id: RestaurantId) -> Option<&Member> {
        let member = self.members.get(&staff_id)?.get(&restaurant_id)?;
        member.active.then_some(member)
    }

    /// Everybody who works or has worked in a restaurant.
    pub(super) fn staff_of(&self, restaurant_id: RestaurantId) -> impl Iterator<Item = &Member> {
        self.members.values().filter_map(move |it| it.get(&restaurant_id))
    }

    pub(super) fn key_with(&self, hash: &[u8; 32]) -> Option<&ApiKey> {
        self.keys.get(self.keys_by_hash.get(hash)?)
    }

    pub(super) fn key(&self, key_id: u64) -> Option<&ApiKey> {
        self.keys.get(&key_id)
    }

    pub(super) fn keys_of(&self, restaurant_id: RestaurantId) -> impl Iterator<Item = &ApiKey> {
        self.keys
            .values()
            .filter(move |it| it.restaurant_id == restaurant_id)
    }

    pub(super) fn device_with(&self, hash: &[u8; 32]) -> Option<&Device> {
        self.devices.get(self.devices_by_hash.get(hash)?)
    }

    pub(super) fn device(&self, device_id: u64) -> Option<&Device> {
        self.devices.get(&device_id)
    }

    pub(super) fn devices_of(&self, restaurant_id: RestaurantId) -> impl Iterator<Item = &Device> {
        self.devices
            .values()
            .filter(move |it| it.restaurant_id == restaurant_id)
    }

    pub(super) fn sign_in(&self, id: &str) -> Option<&SignIn> {
        self.sign_ins.get(id)
    }

    pub(super) fn sign_in_with_cookie(&self, hash: &[u8; 32]) -> Option<&SignIn> {
        self.sign_ins.get(self.sign_ins_by_cookie.get(hash)?)
    }

    /// Somebody's sign-ins, ended ones too, in the order in which they began.
    pub(super) fn sign_ins_of(&self, staff_id: StaffId) -> impl Iterator<Item = &SignIn> {
        let ids = self.sign_ins_by_staff.get(&staff_id).into_iter().flatten();
        ids.filter_map(|it| self.sign_ins.get(it))
    }

    /// Sign-ins that were made on a device.
    pub(super) fn sign_ins_on(&self, device_id: u64) -> impl Iterator<Item = &SignIn> {
        self.sign_ins
            .values()
            .filter(move |it| it.device_id == Some(device_id))
    }
}
