//! Bars of block characters.

/// Eighths of a block, from one to eight.
const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/// A bar for a part of the largest value, at most `width` columns wide. What is not nothing can be seen.
pub(crate) fn bar(value: usize, largest: usize, width: usize) -> String {
    if value == 0 || largest == 0 {
        return String::new();
    }
    let eighths = (value.min(largest) * width * 8).div_ceil(largest).max(1);
    let mut bar = String::from(EIGHTHS[7]).repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        bar.push(EIGHTHS[eighths % 8 - 1]);
    }
    bar
}

/// One character for each value, as high as it is.
pub(crate) fn row(values: &[usize]) -> String {
    const HEIGHTS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let largest = values.iter().copied().max().unwrap_or(0).max(1);
    values.iter().map(|value| HEIGHTS[(value * 8).div_ceil(largest)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_as_long_as_their_values() {
        let cases = [(0, ""), (1, "▌"), (4, "██"), (5, "██▌"), (8, "████"), (9, "████")];
        for (value, expected) in cases {
            assert_eq!(bar(value, 8, 4), expected, "{value}");
        }
        assert_eq!(bar(1, 1000, 4), "▏");
        assert_eq!(bar(1, 0, 4), "");
    }

    #[test]
    fn a_row_shows_each_value() {
        assert_eq!(row(&[0, 1, 4, 8]), " ▁▄█");
        assert_eq!(row(&[0, 0]), "  ");
    }
}
