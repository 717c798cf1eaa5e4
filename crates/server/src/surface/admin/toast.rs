//! What an action says on a page: one line that is laid into it.

use maud::{Markup, html};

/// It is done.
pub(super) fn success(text: &str) -> String {
    line("toast-success", text).into_string()
}

/// It is not.
pub(super) fn error(text: &str) -> String {
    line("toast-error", text).into_string()
}

fn line(class: &str, text: &str) -> Markup {
    html! { div class=(class) { (text) } }
}
