//! Readiness by day: the release that is looked at in thick ink, older ones thin, told apart by their dashes.

use std::fmt::Write as _;

use signoff_analysis::statistics::readiness::Readiness;

/// A release's line.
pub(crate) struct Line<'c> {
    /// The release as the process writes it.
    pub(crate) name: String,
    /// Its days.
    pub(crate) readiness: &'c Readiness,
}

const LEFT: f32 = 46.0;
const RIGHT: f32 = 487.0;
const TOP: f32 = 20.0;
const BOTTOM: f32 = 236.0;
/// Least distance of two labels.
const LABEL: f32 = 15.0;

/// The chart of some lines, the first one strong; `marks` are days before the end with a name.
pub(crate) fn chart(lines: &[Line<'_>], days: usize, marks: &[(usize, &str)], title: &str, end: &str) -> String {
    let most = lines.iter().flat_map(|line| &line.readiness.days).map(|(_, ready)| *ready).max().unwrap_or(0);
    let step = step(most);
    let scale = Scale { days, most: most.div_ceil(step).max(1) * step };
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 584 276\" role=\"img\" aria-label=\"{}\"><path class=\"axis\" \
         d=\"M{LEFT} {BOTTOM}H{RIGHT}\"/>",
        crate::escape::escaped(title)
    );
    axes(&scale, step, end, &mut svg);
    for (day, name) in marks.iter().filter(|(day, _)| *day <= days) {
        let x = scale.x(*day);
        let name = crate::escape::escaped(name);
        let _ = write!(svg, "<path class=\"mark\" d=\"M{x} 18V{BOTTOM}\"/>");
        let _ = write!(svg, "<text x=\"{}\" y=\"28\" text-anchor=\"end\">{name}</text>", x - 6.0);
    }
    for (index, line) in lines.iter().enumerate().skip(1).rev() {
        let _ = write!(svg, "<path class=\"old old{index}\" d=\"{}\"/>", path(&scale, line));
    }
    if let Some(first) = lines.first() {
        strong(&scale, first, &mut svg);
    }
    labels(&scale, lines, &mut svg);
    values(&scale, lines, &mut svg);
    svg.push_str("</svg>");
    svg
}

/// A band over each day that tells its values when it is pointed at.
fn values(scale: &Scale, lines: &[Line<'_>], svg: &mut String) {
    let width = round((RIGHT - LEFT) / ratio(scale.days.max(1), 1));
    for day in 0..=scale.days {
        let told = lines.iter().filter_map(|line| Some(format!("{} {}", line.name, line.readiness.at(day)?)));
        let told: Vec<String> = told.collect();
        if told.is_empty() {
            continue;
        }
        let before = if day == 1 { "1 day before".to_owned() } else { format!("{day} days before") };
        let words = crate::escape::escaped(&format!("{before}: {}", told.join(", ")));
        let x = round(scale.x(day) - width / 2.0);
        let height = BOTTOM - TOP;
        let _ = write!(
            svg,
            "<rect class=\"told\" x=\"{x}\" y=\"{TOP}\" width=\"{width}\" height=\"{height}\"><title>{words}</title></rect>"
        );
    }
}

struct Scale {
    days: usize,
    most: usize,
}

impl Scale {
    fn x(&self, before: usize) -> f32 {
        let share = 1.0 - ratio(before, self.days.max(1));
        round(LEFT + share * (RIGHT - LEFT))
    }

    fn y(&self, ready: usize) -> f32 {
        round(BOTTOM - ratio(ready, self.most) * (BOTTOM - TOP))
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of days and proposals are small")]
fn ratio(part: usize, whole: usize) -> f32 {
    part as f32 / whole as f32
}

fn round(value: f32) -> f32 {
    (value * 10.0).round() / 10.0
}

/// A round distance of grid lines, of which there are at most five.
fn step(most: usize) -> usize {
    [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500].into_iter().find(|step| most <= step * 5).unwrap_or(1000)
}

fn axes(scale: &Scale, step: usize, end: &str, svg: &mut String) {
    for ready in (0..=scale.most).step_by(step) {
        let y = scale.y(ready);
        if ready > 0 {
            let _ = write!(svg, "<path class=\"grid\" d=\"M{LEFT} {y}H{RIGHT}\"/>");
        }
        let _ = write!(svg, "<text x=\"38\" y=\"{}\" text-anchor=\"end\">{ready}</text>", y + 4.0);
    }
    for before in (7..=scale.days).step_by(7) {
        let _ = write!(svg, "<text x=\"{}\" y=\"254\" text-anchor=\"middle\">{before}</text>", scale.x(before));
    }
    let end = crate::escape::escaped(end);
    let _ = write!(svg, "<text x=\"{RIGHT}\" y=\"254\" text-anchor=\"middle\">{end}</text>");
    let middle = f32::midpoint(LEFT, RIGHT);
    let _ = write!(svg, "<text x=\"{middle}\" y=\"270\" text-anchor=\"middle\">days before</text>");
}

fn path(scale: &Scale, line: &Line<'_>) -> String {
    let points = line.readiness.days.iter().map(|(day, ready)| format!("{} {}", scale.x(*day), scale.y(*ready)));
    let points: Vec<String> = points.collect();
    if points.is_empty() { String::new() } else { format!("M{}", points.join("L")) }
}

/// The line of the release that is looked at, with the values at the days that matter.
fn strong(scale: &Scale, line: &Line<'_>, svg: &mut String) {
    let days = &line.readiness.days;
    let (Some((first, _)), Some((last, _))) = (days.first(), days.last()) else { return };
    let path = path(scale, line);
    let (left, right) = (scale.x(*first), scale.x(*last));
    let _ = write!(svg, "<path class=\"area\" d=\"{path}L{right} {BOTTOM}L{left} {BOTTOM}z\"/>");
    let _ = write!(svg, "<path class=\"cur\" d=\"{path}\"/>");
    for (day, ready) in days.iter().filter(|(day, _)| [7, 1].contains(day)) {
        let (x, y) = (scale.x(*day), scale.y(*ready));
        let _ = write!(svg, "<circle class=\"dot\" cx=\"{x}\" cy=\"{y}\" r=\"4\"/>");
        let _ = write!(
            svg,
            "<text class=\"strong\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{ready}</text>",
            x - 8.0,
            y - 5.0
        );
    }
}

/// The names at the ends of the lines, in the order of their ends.
fn labels(scale: &Scale, lines: &[Line<'_>], svg: &mut String) {
    let ends = lines.iter().enumerate().filter_map(|(index, line)| {
        let (day, ready) = *line.readiness.days.last()?;
        Some((index, line.name.as_str(), day, ready))
    });
    let mut ends: Vec<(usize, &str, usize, usize)> = ends.collect();
    ends.sort_by_key(|(index, _, _, ready)| (std::cmp::Reverse(*ready), *index));
    let mut floor = f32::MIN;
    for (index, name, day, ready) in ends {
        let y = (scale.y(ready) + 4.0).max(floor);
        floor = y + LABEL;
        let class = if index == 0 { " class=\"strong\"" } else { "" };
        let x = scale.x(day) + 10.0;
        if index == 0 {
            let _ = write!(svg, "<circle class=\"dot\" cx=\"{}\" cy=\"{}\" r=\"4\"/>", scale.x(day), scale.y(ready));
        }
        let name = crate::escape::escaped(name);
        let _ = write!(svg, "<text{class} x=\"{x}\" y=\"{}\">{name}\u{a0} {ready}</text>", round(y));
    }
}
