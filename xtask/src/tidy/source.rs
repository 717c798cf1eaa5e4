//! Takes Rust source apart into code, strings and comments, so that a rule about code does not
//! stumble over a sentence about it.

/// One line of source, in three parts. A string literal leaves `""` behind in `code`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) code: String,
    pub(super) strings: String,
    pub(super) comment: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Code,
    LineComment,
    BlockComment { depth: usize },
    Text,
    RawText { hashes: usize },
}

/// Splits `source` into lines. Knows enough of Rust for well-formed files; never fails on others.
pub(super) fn split(source: &str) -> Vec<Line> {
    let chars: Vec<char> = source.chars().collect();
    let mut lines = vec![Line::default()];
    let mut within = Within::Code;
    let mut at = 0;
    while at < chars.len() {
        if chars[at] == '\n' {
            if within == Within::LineComment {
                within = Within::Code;
            }
            lines.push(Line::default());
            at += 1;
            continue;
        }
        let line = lines.last_mut().expect("there is always a line being filled");
        let (next, taken) = match within {
            Within::Code => in_code(&chars[at..], &mut line.code),
            Within::LineComment => {
                line.comment.push(chars[at]);
                (within, 1)
            }
            Within::BlockComment { depth } => in_comment(&chars[at..], depth, &mut line.comment),
            Within::Text => in_text(&chars[at..], &mut line.strings),
            Within::RawText { hashes } => in_raw_text(&chars[at..], hashes, &mut line.strings),
        };
        within = next;
        at += taken;
    }
    lines
}

fn in_code(rest: &[char], code: &mut String) -> (Within, usize) {
    match rest {
        ['/', '/', ..] => (Within::LineComment, 2),
        ['/', '*', ..] => (Within::BlockComment { depth: 1 }, 2),
        ['"', ..] => {
            code.push_str("\"\"");
            (Within::Text, 1)
        }
        ['r', tail @ ..] if raw_hashes(tail).is_some() => {
            code.push_str("\"\"");
            let hashes = raw_hashes(tail).unwrap_or_default();
            (Within::RawText { hashes }, hashes + 2)
        }
        ['\'', '\\', _, tail @ ..] => {
            let to_quote = tail
                .iter()
                .position(|it| *it == '\'')
                .unwrap_or(tail.len().saturating_sub(1));
            (Within::Code, to_quote + 4)
        }
        ['\'', _, '\'', ..] => (Within::Code, 3),
        _ => {
            code.extend(rest.first());
            (Within::Code, 1)
        }
    }
}

/// How many `#` stand before the opening quote, if `tail` continues a raw string.
fn raw_hashes(tail: &[char]) -> Option<usize> {
    let hashes = tail.iter().take_while(|it| **it == '#').count();
    (tail.get(hashes) == Some(&'"')).then_some(hashes)
}

fn in_comment(rest: &[char], depth: usize, comment: &mut String) -> (Within, usize) {
    match rest {
        ['/', '*', ..] => (Within::BlockComment { depth: depth + 1 }, 2),
        ['*', '/', ..] if depth == 1 => (Within::Code, 2),
        ['*', '/', ..] => (Within::BlockComment { depth: depth - 1 }, 2),
        _ => {
            comment.extend(rest.first());
            (Within::BlockComment { depth }, 1)
        }
    }
}

fn in_text(rest: &[char], strings: &mut String) -> (Within, usize) {
    match rest {
        // A backslash at the end of a line must leave the line break to the caller.
        ['\\', escaped, ..] if *escaped != '\n' => (Within::Text, 2),
        ['"', ..] => (Within::Code, 1),
        _ => {
            strings.extend(rest.first());
            (Within::Text, 1)
        }
    }
}

fn in_raw_text(rest: &[char], hashes: usize, strings: &mut String) -> (Within, usize) {
    let closes = rest[0] == '"' && rest[1..].iter().take(hashes).filter(|it| **it == '#').count() == hashes;
    if closes {
        return (Within::Code, hashes + 1);
    }
    strings.extend(rest.first());
    (Within::RawText { hashes }, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, code: &str, strings: &str, comment: &str) {
        let line = split(source).remove(0);
        assert_eq!(
            (&*line.code, &*line.strings, &*line.comment),
            (code, strings, comment),
            "{source}"
        );
    }

    #[test]
    fn strings_and_comments_are_kept_apart_from_code() {
        check(r#"let a = "// no"; // yes"#, r#"let a = ""; "#, "// no", " yes");
        check(
            r#"let a = "say \"hi\" todo!()";"#,
            r#"let a = "";"#,
            "say hi todo!()",
            "",
        );
        check("let a = r#\"a \" b\"#;", "let a = \"\";", "a \" b", "");
        check("f(/* one /* two */ */ x)", "f( x)", "", " one  two  ");
    }

    #[test]
    fn a_quote_character_opens_no_string() {
        check("if c == '\"' { x } // end", "if c ==  { x } ", "", " end");
        check(r"if c == '\'' { x } // end", "if c ==  { x } ", "", " end");
        check(
            "fn f<'a>(it: &'a str) // end",
            "fn f<'a>(it: &'a str) ",
            "",
            " end",
        );
    }

    #[test]
    fn a_string_may_span_lines() {
        let lines = split("let a = \"SELECT \\\n  x\";\nlet b = 1;");
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[1].strings, "  x");
        assert_eq!(lines[2].code, "let b = 1;");
    }
}
