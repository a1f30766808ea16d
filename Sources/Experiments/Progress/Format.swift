import Foundation

/// Numbers, counts and durations in readable form.
enum Format {
    /// A value with five significant digits: `104.23`, `0.0012346`, `1.2346e-07`.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "inf" : "-inf" }
        if value == 0 { return "0" }
        guard abs(value) < 999_999.5, abs(value) >= 1e-4 else {
            return String(format: "%.4e", value)
        }
        return String(format: "%.*f", decimals(for: value), value)
    }

    /// Values of one kind, all with the number of decimals that suits the greatest of them, so that
    /// they line up; formatted separately if their magnitudes differ too much. Whole numbers have
    /// no decimals.
    static func column(_ values: [Double]) -> [String] {
        if values.allSatisfy({ abs($0) < 1e15 && $0 == $0.rounded() }) {
            return values.map { count(Int($0)) }
        }
        let sizes = values.filter { $0.isFinite && $0 != 0 }.map(abs)
        guard let least = sizes.min(), let greatest = sizes.max(), greatest < 1e4 * least,
            greatest < 999_999.5, greatest >= 1e-4
        else { return values.map(number) }
        return values.map { value in
            value.isFinite
                ? String(format: "%.*f", decimals(for: greatest), value) : number(value)
        }
    }

    /// A whole number with thousands separators: `1,234,567`.
    static func count(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var result = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
            result.append(digit)
        }
        return result
    }

    /// A number of things: `1 anomaly`, `1,234 rows`.
    ///
    /// - Parameter several: the word for other numbers of them than one; by default with an s.
    static func count(_ value: Int, _ one: String, _ several: String? = nil) -> String {
        "\(count(value)) \(value == 1 ? one : several ?? one + "s")"
    }

    /// A rate with at most three significant digits: `870`, `12.3k`, `1.05M`.
    static func rate(_ value: Double) -> String {
        guard value.isFinite, value >= 0 else { return "?" }
        // A unit starts where rounding in the smaller unit would give four digits.
        for (unit, suffix) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= unit * 0.9995 {
            let scaled = value / unit
            let decimals = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0
            return String(format: "%.*f", decimals, scaled) + suffix
        }
        return String(format: value < 9.95 ? "%.1f" : "%.0f", value)
    }

    /// A fraction in percent, with two decimals: `1.35 %`.
    static func percentage(_ part: Double) -> String { String(format: "%.2f %%", 100 * part) }

    /// A duration: `0.4 s`, `42 s`, `1 min 05 s`, `2 h 03 min`, `1 d 04 h`.
    static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
        if seconds < 9.95 { return String(format: "%.1f s", seconds) }
        // Sound: less than 1e9, as are its parts.
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return String(format: "%d min %02d s", whole / 60, whole % 60) }
        let minutes = Int((seconds / 60).rounded())
        if minutes < 24 * 60 { return String(format: "%d h %02d min", minutes / 60, minutes % 60) }
        let hours = Int((seconds / 3600).rounded())
        return String(format: "%d d %02d h", hours / 24, hours % 24)
    }

    private static func decimals(for value: Double) -> Int {
        // Sound: the value is finite, and not 0.
        max(0, 4 - Int(floor(log10(abs(value)))))
    }
}
