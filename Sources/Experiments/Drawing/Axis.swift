import Foundation

/// An axis of a chart: its range, and its ticks with their labels.
struct Axis: Equatable, Sendable {
    enum Scale: Sendable { case linear, logarithmic }

    struct Tick: Equatable, Sendable {
        var value: Double
        var label: String
    }

    let scale: Scale
    let lower: Double
    let upper: Double
    private(set) var ticks: [Tick]

    /// An axis over finite values with about `count` ticks at 1, 2 or 5 times a power of ten.
    ///
    /// - Parameters:
    ///   - values: the values to show; those that are not finite, or not positive on a logarithmic
    ///     axis, are ignored. Without values the range is 0...1.
    ///   - padding: free space at either end, as a fraction of the range.
    ///   - wholeNumbers: ticks only at integers, for epochs and counts.
    init(
        covering values: some Sequence<Double>, scale: Scale = .linear, count: Int = 5,
        padding: Double = 0.04, wholeNumbers: Bool = false
    ) {
        let (least, greatest) = Self.range(of: values, positive: scale == .logarithmic)
        self.scale = scale
        switch scale {
        case .linear:
            let room = (greatest - least) * padding
            (lower, upper) = (least - room, greatest + room)
            ticks = []
            ticks = Self.linearTicks(lower, upper, count: count, wholeNumbers: wholeNumbers)
        case .logarithmic:
            let room = pow(greatest / least, padding)
            (lower, upper) = (least / room, greatest * room)
            ticks = []
            ticks = Self.logarithmicTicks(lower, upper, count: count)
        }
    }

    /// The relative position of a value: 0 at the lower end, 1 at the upper end.
    func position(of value: Double) -> Double {
        switch scale {
        case .linear: (value - lower) / (upper - lower)
        case .logarithmic: log(value / lower) / log(upper / lower)
        }
    }

    /// The least and the greatest value, moved apart if they coincide.
    private static func range(
        of values: some Sequence<Double>, positive: Bool
    ) -> (Double, Double) {
        let bound = 1e100  // beyond this the arithmetic of ticks could overflow
        var least = Double.infinity
        var greatest = -Double.infinity
        for value in values where value.isFinite && (!positive || value > 0) {
            let value = min(max(value, positive ? 1 / bound : -bound), bound)
            least = min(least, value)
            greatest = max(greatest, value)
        }
        guard least <= greatest else { return positive ? (0.1, 1) : (0, 1) }
        if positive {
            return greatest / least > 1.000001 ? (least, greatest) : (least / 2, greatest * 2)
        }
        let magnitude = max(abs(least), abs(greatest))
        let tooClose = max(magnitude * 1e-9, 1e-100)
        guard greatest - least <= tooClose else { return (least, greatest) }
        let room = magnitude > 1e-90 ? magnitude * 0.1 : 0.5
        return (least - room, greatest + room)
    }

    private static func linearTicks(
        _ lower: Double, _ upper: Double, count: Int, wholeNumbers: Bool
    ) -> [Tick] {
        // Rather a few more ticks than requested than half as many.
        var step = niceStep(atLeast: 0.8 * (upper - lower) / Double(max(1, count)))
        if wholeNumbers { step = max(1, step) }
        // The tolerance keeps a tick that rounding puts just outside.
        let first = (lower / step - 1e-6).rounded(.up)
        let last = (upper / step + 1e-6).rounded(.down)
        guard first <= last else { return [] }
        return stride(from: first, through: last, by: 1).map { multiple in
            let value = multiple * step
            return Tick(value: value, label: tickLabel(value, step: step))
        }
    }

    /// The least of 1, 2 or 5 times a power of ten that is at least `size`.
    private static func niceStep(atLeast size: Double) -> Double {
        let power = pow(10, floor(log10(size)))
        let factor = size / power
        // The tolerance accepts 0.2 for 0.20000000000000001.
        return power * ([1, 2, 5].first { $0 >= factor * (1 - 1e-9) } ?? 10)
    }

    /// Powers of ten if there are enough of them, thinned out if there are too many; over one or
    /// two decades also 2 and 5 times these; over a smaller range the ticks of a linear axis.
    private static func logarithmicTicks(
        _ lower: Double, _ upper: Double, count: Int
    ) -> [Tick] {
        // Sound: the range is bounded, and so are the exponents.
        let exponents = Int(floor(log10(lower)))...Int(ceil(log10(upper)))
        let within = { (value: Double) in
            value >= lower * (1 - 1e-9) && value <= upper * (1 + 1e-9)
        }
        let decades = exponents.filter { within(pow(10, Double($0))) }
        if decades.count > 2 || decades.count >= count {
            // Sound: a ratio of counts.
            let every = max(1, Int((Double(decades.count) / Double(max(1, count))).rounded(.up)))
            return decades.filter { $0.isMultiple(of: every) }.map { exponent in
                let value = pow(10, Double(exponent))
                return Tick(value: value, label: tickLabel(value, step: value))
            }
        }
        let ticks = exponents.flatMap { exponent in
            [1.0, 2, 5].map { $0 * pow(10, Double(exponent)) }.filter(within).map {
                Tick(value: $0, label: tickLabel($0, step: pow(10, Double(exponent))))
            }
        }
        return ticks.count > 1
            ? ticks : linearTicks(lower, upper, count: count, wholeNumbers: false)
    }

    /// A value with as many decimals as its step has, or with a power of ten if that would be long.
    private static func tickLabel(_ value: Double, step: Double) -> String {
        // Sound: the step is positive and finite.
        let decimals = max(0, -Int(floor(log10(step) + 1e-9)))
        let value = abs(value) < step * 1e-6 ? 0 : value  // no "-0"
        guard abs(value) < 1e6, decimals <= 4 || abs(value) >= 1e-3 else {
            if value == 0 { return "0" }
            // Sound: the value is not 0, and finite as the step is.
            let digits = max(0, Int(floor(log10(abs(value)) + 1e-9) - floor(log10(step) + 1e-9)))
            let parts = String(format: "%.*e", min(digits, 15), value).split(separator: "e")
            return typographic("\(parts[0])e\(Int(parts[1]) ?? 0)")
        }
        return typographic(String(format: "%.*f", decimals, value))
    }
}

/// The text of a number with a real minus sign instead of the hyphen.
func typographic(_ number: String) -> String {
    number.replacingOccurrences(of: "-", with: "\u{2212}")
}
