/// A date as people write it, split into its numbers: `2026-03-31T12:30:00.5+01:00`, `31.3.2026
/// 14:30`, `3/31/2026 2:30 PM`.
struct WrittenDate {
    struct Time: Hashable {
        /// The separator of day and time: a blank or `T`.
        var separator: String
        var hasSeconds = false
        var decimals = 0
        /// Whether there is AM or PM.
        var hasHalves = false
        /// `Z`, `+01:00` or the like, as written; empty if there is none.
        var zone = ""
    }

    /// The separator of year, month and day, in whatever order.
    private(set) var separator = "-"
    private(set) var isYearFirst = true
    private(set) var year = 0
    /// Month and day if the year is first; else in either order.
    private(set) var parts = (0, 0)
    /// Whether one of these is below 10 and written with one digit.
    private(set) var isUnpadded = false
    private(set) var time: Time?
    /// Seconds since midnight.
    private(set) var seconds = 0.0
    /// The UTC offset in minutes.
    private(set) var offset = 0

    /// Nil if the text is not a date.
    init?(_ text: String) {
        guard let first = text.utf8.first, 0x30...0x39 ~= first else { return nil }
        var rest = Array(text.unicodeScalars)[...]
        guard let one = Self.digits(&rest, 1...4), let mark = rest.popFirst(),
            mark == "-" || mark == "/" || mark == ".",
            let two = Self.digits(&rest, 1...2), rest.popFirst() == mark,
            let three = Self.digits(&rest, 1...4)
        else { return nil }
        separator = String(mark)
        isYearFirst = one.count == 4
        let (year, small) = isYearFirst ? (one, [two, three]) : (three, [one, two])
        guard year.count == 4, small.allSatisfy({ $0.count <= 2 }),
            // In ISO 8601 they always have two digits.
            mark != "-" || small.allSatisfy({ $0.count == 2 })
        else { return nil }
        self.year = year.value
        parts = (small[0].value, small[1].value)
        isUnpadded = small.contains { $0.count == 1 }
        guard rest.isEmpty || readTime(&rest) && rest.isEmpty else { return nil }
    }

    private static func digits(
        _ rest: inout ArraySlice<Unicode.Scalar>, _ counts: ClosedRange<Int>
    ) -> (value: Int, count: Int)? {
        var (value, count) = (0, 0)
        while let scalar = rest.first, "0"..."9" ~= scalar, count < counts.upperBound {
            value = 10 * value + Int(scalar.value - 0x30)
            count += 1
            rest.removeFirst()
        }
        return counts.contains(count) ? (value, count) : nil
    }

    private mutating func readTime(_ rest: inout ArraySlice<Unicode.Scalar>) -> Bool {
        guard let mark = rest.popFirst(), mark == "T" || mark == " " else { return false }
        var time = Time(separator: String(mark))
        guard let hour = Self.digits(&rest, 1...2), rest.popFirst() == ":",
            let minute = Self.digits(&rest, 2...2), hour.value < 24, minute.value < 60
        else { return false }
        var hours = hour.value
        var second = 0.0
        if rest.first == ":" {
            rest.removeFirst()
            guard let whole = Self.digits(&rest, 2...2), whole.value < 60 else { return false }
            time.hasSeconds = true
            second = Double(whole.value)
            if let mark = rest.first, mark == "." || mark == "," {
                rest.removeFirst()
                guard let fraction = Self.digits(&rest, 1...9) else { return false }
                time.decimals = fraction.count
                var unit = 1.0
                for _ in 0..<fraction.count { unit *= 10 }
                second += Double(fraction.value) / unit
            }
        }
        let half = String(String.UnicodeScalarView(rest.prefix(3))).uppercased()
        if half == " AM" || half == " PM" {
            guard 1...12 ~= hours else { return false }
            hours = hours % 12 + (half == " PM" ? 12 : 0)
            time.hasHalves = true
            rest = rest.dropFirst(3)
        }
        seconds = Double(3600 * hours + 60 * minute.value) + second
        time.zone = String(String.UnicodeScalarView(rest))
        guard let offset = Self.offset(ofZone: &rest) else { return false }
        self.offset = offset
        self.time = time
        return true
    }

    private static func offset(ofZone rest: inout ArraySlice<Unicode.Scalar>) -> Int? {
        if rest.first == " " { rest.removeFirst() }
        let name = String(String.UnicodeScalarView(rest))
        if ["", "Z", "z", "UTC", "GMT"].contains(name) {
            rest = []
            return 0
        }
        guard let sign = rest.popFirst(), sign == "+" || sign == "-",
            let hours = digits(&rest, 2...2), hours.value < 24
        else { return nil }
        if rest.first == ":" { rest.removeFirst() }
        var minutes = 0
        if !rest.isEmpty {
            guard let digits = digits(&rest, 2...2), digits.value < 60 else { return nil }
            minutes = digits.value
        }
        return (sign == "-" ? -1 : 1) * (60 * hours.value + minutes)
    }
}
