//! Lines of styled text. Everything that is put on a page is escaped here, so that nothing reaches a terminal unescaped.

use owo_colors::{OwoColorize, Style};

use super::escape::{escape, escape_line};

/// How a piece of text looks. Colours only underline what the words say already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    Plain,
    Dim,
    Bold,
    Good,
    Bad,
    Careful,
    Place,
}

/// Text that is being composed, with colours in it. The stream that it is written to takes them out where they are unwanted.
#[derive(Debug, Default)]
pub struct Page(String);

impl Page {
    /// Adds text.
    pub fn put(&mut self, ink: Ink, text: &str) -> &mut Self {
        let text = escape(text);
        let style = Style::new();
        let style = match ink {
            Ink::Plain => {
                self.0.push_str(&text);
                return self;
            }
            Ink::Dim => style.dimmed(),
            Ink::Bold => style.bold(),
            Ink::Good => style.green(),
            Ink::Bad => style.red().bold(),
            Ink::Careful => style.yellow(),
            Ink::Place => style.blue(),
        };
        self.0.push_str(&text.style(style).to_string());
        self
    }

    /// Adds text that stays on its line, whatever it holds.
    pub fn word(&mut self, ink: Ink, text: &str) -> &mut Self {
        self.put(ink, &escape_line(text))
    }

    /// Adds text without a style.
    pub fn say(&mut self, text: &str) -> &mut Self {
        self.put(Ink::Plain, text)
    }

    /// Ends the line.
    pub fn end(&mut self) -> &mut Self {
        self.0.push('\n');
        self
    }

    /// Adds a mark with a blank after it.
    pub fn mark(&mut self, mark: Mark) -> &mut Self {
        self.put(mark.ink(), mark.sign()).say(" ")
    }

    /// Whether nothing was put on it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// The sign at the beginning of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Applied,
    Failed,
    Pending,
    Reverted,
    Refused,
    Note,
}

/// Signs for terminals that take UTF-8, and what stands for them elsewhere.
const PLAIN: [(&str, &str); 5] = [("✓", "*"), ("✗", "x"), ("↩", "<"), ("·", "-"), ("…", "...")];

impl Mark {
    pub fn sign(self) -> &'static str {
        match self {
            Mark::Applied => "✓",
            Mark::Failed => "✗",
            Mark::Pending => "+",
            Mark::Reverted => "↩",
            Mark::Refused => "!",
            Mark::Note => "·",
        }
    }

    pub fn ink(self) -> Ink {
        match self {
            Mark::Applied => Ink::Good,
            Mark::Failed | Mark::Refused => Ink::Bad,
            Mark::Pending => Ink::Careful,
            Mark::Reverted | Mark::Note => Ink::Dim,
        }
    }
}

/// The text with our signs in ASCII.
pub fn in_ascii(text: &str) -> String {
    PLAIN
        .iter()
        .fold(text.to_owned(), |text, (sign, plain)| text.replace(sign, plain))
}
