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

    /// The date that a text stands for; nil if it is not one.
    @inline(__always) static func read(_ text: Span<UInt8>) -> WrittenDate? {
        // Most texts are no dates by their first letter.
        text.isEmpty || !(0x30...0x39 ~= text[0]) ? nil : WrittenDate(text)
    }

    private init?(_ text: Span<UInt8>) {
        var rest = text.indices
        guard let one = Self.digits(text, &rest, 1...4), let byte = Self.next(text, &rest),
            let mark = Self.mark(byte),
            let two = Self.digits(text, &rest, 1...2), Self.next(text, &rest) == byte,
            let three = Self.digits(text, &rest, 1...4)
        else { return nil }
        separator = mark
        isYearFirst = one.count == 4
        let (year, small) = isYearFirst ? (one, [two, three]) : (three, [one, two])
        guard year.count == 4, small.allSatisfy({ $0.count <= 2 }),
            // In ISO 8601 they always have two digits.
            mark != "-" || small.allSatisfy({ $0.count == 2 })
        else { return nil }
        self.year = year.value
        parts = (small[0].value, small[1].value)
        isUnpadded = small.contains { $0.count == 1 }
        guard rest.isEmpty || readTime(text, &rest) else { return nil }
    }

    private static func mark(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "-"): "-"
        case UInt8(ascii: "/"): "/"
        case UInt8(ascii: "."): "."
        default: nil
        }
    }

    private static func next(_ text: Span<UInt8>, _ rest: inout Range<Int>) -> UInt8? {
        guard !rest.isEmpty else { return nil }
        defer { rest = rest.dropFirst() }
        return text[rest.lowerBound]
    }

    /// Skips a character if it is the next one.
    private static func skip(
        _ character: Unicode.Scalar, _ text: Span<UInt8>, _ rest: inout Range<Int>
    ) -> Bool {
        guard !rest.isEmpty, text[rest.lowerBound] == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    private static func digits(
        _ text: Span<UInt8>, _ rest: inout Range<Int>, _ counts: ClosedRange<Int>
    ) -> (value: Int, count: Int)? {
        var (value, count) = (0, 0)
        while !rest.isEmpty, 0x30...0x39 ~= text[rest.lowerBound], count < counts.upperBound {
            value = 10 * value + Int(text[rest.lowerBound] - 0x30)
            count += 1
            rest = rest.dropFirst()
        }
        return counts.contains(count) ? (value, count) : nil
    }

    private mutating func readTime(_ text: Span<UInt8>, _ rest: inout Range<Int>) -> Bool {
        let isAfterBlank = Self.skip(" ", text, &rest)
        guard isAfterBlank || Self.skip("T", text, &rest) else { return false }
        var time = Time(separator: isAfterBlank ? " " : "T")
        guard let hour = Self.digits(text, &rest, 1...2), Self.skip(":", text, &rest),
            let minute = Self.digits(text, &rest, 2...2), hour.value < 24, minute.value < 60
        else { return false }
        var hours = hour.value
        var second = 0.0
        if Self.skip(":", text, &rest) {
            guard let whole = Self.digits(text, &rest, 2...2), whole.value < 60 else {
                return false
            }
            time.hasSeconds = true
            second = Double(whole.value)
            if Self.skip(".", text, &rest) || Self.skip(",", text, &rest) {
                guard let fraction = Self.digits(text, &rest, 1...9) else { return false }
                time.decimals = fraction.count
                var unit = 1.0
                for _ in 0..<fraction.count { unit *= 10 }
                second += Double(fraction.value) / unit
            }
        }
        if let isAfternoon = Self.half(text, rest) {
            guard 1...12 ~= hours else { return false }
            hours = hours % 12 + (isAfternoon ? 12 : 0)
            time.hasHalves = true
            rest = rest.dropFirst(3)
        }
        seconds = Double(3600 * hours + 60 * minute.value) + second
        time.zone = rest.isEmpty ? "" : String(text.extracting(rest))
        guard let offset = Self.offset(ofZone: text, &rest) else { return false }
        self.offset = offset
        self.time = time
        return true
    }

    /// Whether it is after noon, if AM or PM comes next, after a blank.
    private static func half(_ text: Span<UInt8>, _ rest: Range<Int>) -> Bool? {
        guard rest.count >= 3, text[rest.lowerBound] == 0x20,
            text[rest.lowerBound + 2] | 0x20 == UInt8(ascii: "m")
        else { return nil }
        switch text[rest.lowerBound + 1] | 0x20 {
        case UInt8(ascii: "a"): return false
        case UInt8(ascii: "p"): return true
        default: return nil
        }
    }

    /// The UTC offset that the rest stands for; 0 if there is none.
    private static func offset(ofZone text: Span<UInt8>, _ rest: inout Range<Int>) -> Int? {
        if rest.isEmpty { return 0 }
        _ = skip(" ", text, &rest)
        if ["", "Z", "z", "UTC", "GMT"].contains(String(text.extracting(rest))) { return 0 }
        guard let sign = next(text, &rest),
            sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            let hours = digits(text, &rest, 2...2), hours.value < 24
        else { return nil }
        _ = skip(":", text, &rest)
        var minutes = 0
        if !rest.isEmpty {
            guard let digits = digits(text, &rest, 2...2), digits.value < 60 else { return nil }
            minutes = digits.value
        }
        guard rest.isEmpty else { return nil }
        return (sign == UInt8(ascii: "-") ? -1 : 1) * (60 * hours.value + minutes)
    }
}
