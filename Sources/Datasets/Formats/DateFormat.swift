import FileSupport
import Foundation

/// How the dates of a column are written.
///
/// It is stored as the last day of March 2026 in this format, which shows everything: `31.03.2026
/// 10:30`.
struct DateFormat: Hashable, Sendable {
    enum Order: Sendable { case yearFirst, dayFirst, monthFirst }

    fileprivate(set) var order: Order
    fileprivate var separator: String
    fileprivate var isUnpadded: Bool
    fileprivate var time: WrittenDate.Time?
    /// The UTC offset in minutes of the place where the dates were written.
    fileprivate var offset: Int

    /// A day in ISO 8601: 2026-03-31.
    static let standard = DateFormat(
        order: .yearFirst, separator: "-", isUnpadded: false, time: nil, offset: 0)

    /// The format in which all of the texts are written, if there is one, and whether days and
    /// months cannot be told apart: then days are taken to come first.
    ///
    /// Times, their fractions and zones may be present in some and absent in others.
    static func of(_ texts: [String]) -> (format: DateFormat, isAmbiguous: Bool)? {
        var evidence = Evidence()
        for text in texts { evidence.add(WrittenDate.read(Array(text.utf8).span)) }
        return evidence.format
    }

    /// What dates show about the format in which they are written.
    struct Evidence {
        private(set) var count = 0
        private var found = DateFormat.standard
        /// Whether all are written in the same way.
        private var areAlike = true
        /// The orders of day, month and year in which all of them exist.
        private var orders: [Order] = []

        /// - Parameter date: nil for what is not a date, with which others have no format.
        mutating func add(_ date: WrittenDate?) {
            guard areAlike else { return }
            guard let date else {
                areAlike = false
                return
            }
            if count == 0 {
                found.separator = date.separator
                orders = date.isYearFirst ? [.yearFirst] : [.dayFirst, .monthFirst]
                found.order = date.isYearFirst ? .yearFirst : .dayFirst
            }
            count += 1
            areAlike =
                date.separator == found.separator
                && date.isYearFirst == (found.order == .yearFirst)
            found.isUnpadded = found.isUnpadded || date.isUnpadded
            if let time = date.time { add(time, date.offset) }
            for order in orders where DateFormat.day(of: date, order) == nil {
                orders.removeAll { $0 == order }
            }
        }

        private mutating func add(_ time: WrittenDate.Time, _ offset: Int) {
            guard let first = found.time else {
                (found.time, found.offset) = (time, offset)
                return
            }
            if time.decimals > first.decimals { found.time?.decimals = time.decimals }
            if time.hasSeconds, !first.hasSeconds { found.time?.hasSeconds = true }
        }

        /// The common format, if there is one, and whether days and months cannot be told apart.
        var format: (format: DateFormat, isAmbiguous: Bool)? {
            guard areAlike, let order = orders.first else { return nil }
            var format = found
            format.order = order
            return (format, orders.count > 1)
        }
    }

    /// Days since the beginning of 1970 in UTC; nil if the text is not such a date.
    func days(_ text: Span<UInt8>) -> Double? { WrittenDate.read(text).flatMap(days) }

    func days(_ text: String) -> Double? { days(Array(text.utf8).span) }

    fileprivate func days(_ date: WrittenDate) -> Double? {
        guard date.separator == separator, date.isYearFirst == (order == .yearFirst) else {
            return nil
        }
        return Self.day(of: date, order).map {
            Double($0) + (date.seconds - 60 * Double(date.offset)) / 86_400
        }
    }

    /// The day of a date in an order of its numbers, if there is one.
    private static func day(of date: WrittenDate, _ order: Order) -> Int? {
        let (month, day) = order == .dayFirst ? (date.parts.1, date.parts.0) : date.parts
        guard 1...9999 ~= date.year, 1...12 ~= month,
            1...length(ofMonth: month, year: date.year) ~= day
        else { return nil }
        return days(year: date.year, month: month, day: day)
    }

    /// The nearest date that the format can express.
    func text(_ days: Double) -> String {
        // The years 1 to 9999.
        let (first, last) = (-719_162.0, 2_932_896.0)
        let local = (days.isNaN ? 0 : days) + Double(offset) / 1440
        let bounded = min(max(local, first), last)
        var day = bounded.rounded(.down)
        guard let time else { return date((bounded + 0.5).rounded(.down)) }
        var unit = time.hasSeconds ? 1.0 : 1 / 60
        for _ in 0..<time.decimals { unit *= 10 }
        var ticks = ((bounded - day) * 86_400 * unit).rounded()
        if ticks >= 86_400 * unit { (day, ticks) = (min(day + 1, last), 0) }
        let seconds = ticks / unit
        let hour = (seconds / 3600 + 1e-9).rounded(.down)
        let minute = ((seconds - 3600 * hour) / 60 + 1e-9).rounded(.down)
        let second = max(0, seconds - 3600 * hour - 60 * minute)
        let shown = time.hasHalves ? (hour + 11).truncatingRemainder(dividingBy: 12) + 1 : hour
        let hours = String(format: time.hasHalves ? "%.0f" : "%02.0f", shown)
        let width = time.decimals > 0 ? 3 + time.decimals : 2
        return date(day) + time.separator + hours
            + String(format: ":%02.0f", minute)
            + (time.hasSeconds ? String(format: ":%0\(width).\(time.decimals)f", second) : "")
            + (time.hasHalves ? hour < 12 ? " AM" : " PM" : "") + time.zone
    }

    /// The date of a whole number of days within the years that can be written.
    private func date(_ days: Double) -> String {
        let (year, month, day) = Self.date(Int(exactly: days) ?? 0)
        let small = isUnpadded ? "%d" : "%02d"
        func text(_ number: Int, _ format: String) -> String { String(format: format, number) }
        let parts =
            switch order {
            case .yearFirst: [text(year, "%04d"), text(month, small), text(day, small)]
            case .dayFirst: [text(day, small), text(month, small), text(year, "%04d")]
            case .monthFirst: [text(month, small), text(day, small), text(year, "%04d")]
            }
        return parts.joined(separator: separator)
    }

    // MARK: Calendar

    private static func length(ofMonth month: Int, year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2
            ? (isLeap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
    }

    /// Days from the beginning of 1970 in the Gregorian calendar. Years are counted from March on,
    /// so that the leap day is their last.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month > 2 ? year : year - 1
        let march = (month + 9) % 12
        return 365 * year + year / 4 - year / 100 + year / 400 + (153 * march + 2) / 5 + day
            - 719_469
    }

    /// The date for a number of days, from the year 1 on.
    private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
        var year = 1970 + days / (days < 0 ? 365 : 366) - 2
        while Self.days(year: year + 1, month: 1, day: 1) <= days { year += 1 }
        var month = 12
        while Self.days(year: year, month: month, day: 1) > days { month -= 1 }
        return (year, month, days - Self.days(year: year, month: month, day: 1) + 1)
    }
}

extension DateFormat: Codable {
    /// 10:30:15.5 on the last day of March 2026.
    private static let example = 20_543 + 37_815.5 / 86_400

    /// The names of the formats in earlier versions.
    private static let names = [
        "day": "2026-03-31", "time": "2026-03-31T12:30:00",
        "timeAfterBlank": "2026-03-31 12:30:00",
    ]

    /// A date in this format, to show what is expected.
    var example: String { text(Self.example - Double(offset) / 1440) }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let found = Self.of([Self.names[text] ?? text]), !found.isAmbiguous else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "the date \(text.quoted)")
        }
        self = found.format
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(example)
    }
}
