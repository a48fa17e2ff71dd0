//! Colours of the terminal, by what they mean.

use anstyle::{AnsiColor, Color, Effects, Style};
use signoff_model::Severity;

use crate::Look;

const BOLD: Style = Style::new().effects(Effects::BOLD);
const FAINT: Style = Style::new().effects(Effects::DIMMED);

impl Look {
    /// Text in a style, or as it is where colours are off.
    fn paint(self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    pub(crate) fn strong(self, text: &str) -> String {
        self.paint(BOLD, text)
    }

    pub(crate) fn faint(self, text: &str) -> String {
        self.paint(FAINT, text)
    }

    pub(crate) fn good(self, text: &str) -> String {
        self.paint(foreground(AnsiColor::Green), text)
    }

    pub(crate) fn bad(self, text: &str) -> String {
        self.paint(foreground(AnsiColor::Red), text)
    }

    pub(crate) fn severity(self, severity: Severity, text: &str) -> String {
        let color = match severity {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Info => AnsiColor::Blue,
        };
        self.paint(foreground(color).effects(Effects::BOLD), text)
    }
}

const fn foreground(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(color)))
}
