import Foundation

/// How dates are written, in the world's time.
public enum DateFormat: String, Codable, CaseIterable, Sendable {
    /// 2026-03-31
    case day
    /// 2026-03-31T12:30:00
    case time
    /// 2026-03-31 12:30:00
    case timeAfterBlank

    /// The one in which all of some texts are written, if there is one.
    init?(of texts: [String]) {
        guard let first = texts.first,
            let format = Self.allCases.first(where: { $0.days(first) != nil }),
            texts.allSatisfy({ format.days($0) != nil })
        else { return nil }
        self = format
    }

    /// Days since the beginning of 1970; nil where the text is no such date.
    func days(_ text: String) -> Double? {
        guard text.utf8.count == (self == .day ? 10 : 19),
            let date = try? style.parse(text), style.format(date) == text
        else { return nil }
        return date.timeIntervalSince1970 / 86_400
    }

    /// The nearest date that can be written so.
    func text(_ days: Double) -> String {
        // The years 1 to 9999.
        let bounded = min(max(days, -719_162), 2_932_896)
        let seconds =
            self == .day ? (bounded + 0.5).rounded(.down) * 86_400 : (bounded * 86_400).rounded()
        return style.format(Date(timeIntervalSince1970: seconds))
    }

    private var style: Date.ISO8601FormatStyle {
        let day = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
        switch self {
        case .day: return day
        case .time: return day.dateTimeSeparator(.standard).time(includingFractionalSeconds: false)
        case .timeAfterBlank:
            return day.dateTimeSeparator(.space).time(includingFractionalSeconds: false)
        }
    }
}
