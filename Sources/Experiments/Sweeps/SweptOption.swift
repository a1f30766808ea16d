import Autograd
import Models

/// An option of a recipe with the values that it takes in a sweep, at least two, each written as the
/// recipe writes it.
struct SweptOption: Codable, Hashable, Sendable {
    var name: String
    var values: [String]

    /// The option whose values are repetitions of a run rather than different runs.
    var isSeed: Bool { name == Self.seed }
    static let seed = "seed"

    /// The values as numbers; nil if one of them is none.
    var numbers: [Double]? {
        let numbers = values.compactMap(Double.init).filter(\.isFinite)
        return numbers.count == values.count ? numbers : nil
    }
}

extension SweptOption {
    /// The text that gives these values on the command line: `1,2,4`, or `0..4`.
    ///
    /// - Parameter option: its description.
    func text(as option: OptionDescription) -> String {
        let numbers = values.compactMap { Int($0) }
        let isRange =
            numbers.count == values.count && numbers.count > 2
            && zip(numbers, numbers.dropFirst()).allSatisfy { $1 &- $0 == 1 }
        return isRange
            ? "\(values[0])..\(values[values.count - 1])"
            : values.joined(separator: option.hasCommas ? ";" : ",")
    }

    /// The values that a text gives: those between commas (or semicolons, if values contain commas),
    /// with all whole numbers of a range such as `0..4`. A text that is a value of the option itself
    /// is just that value.
    ///
    /// - Returns: the values as the recipe writes them. A text that gives none is returned as it is.
    /// - Throws: if a value is invalid or given twice, or if there are too many.
    static func values(
        of text: String, for option: OptionDescription, in recipe: some Recipe
    ) throws(UsageError) -> [String] {
        if let value = try? recipe.normalized(text, forOption: option.name) { return [value] }
        let separator: Character = text.contains(";") || option.hasCommas ? ";" : ","
        let parts = text.split(separator: separator, omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        guard !parts.contains(""), parts.count > 1 || text.contains("..") else { return [text] }
        var values: [String] = []
        for part in parts {
            if let value = try? recipe.normalized(part, forOption: option.name) {
                values.append(value)
                continue
            }
            for number in try range(part, of: option)?.map(String.init) ?? [part] {
                guard let value = try? recipe.normalized(number, forOption: option.name) else {
                    throw UsageError(
                        "--\(option.name) \(number.shortened): expected \(option.expected)")
                }
                values.append(value)
            }
        }
        var known: Set<String> = []
        if let twice = values.first(where: { !known.insert($0).inserted }) {
            throw UsageError(
                "--\(option.name) \(text.shortened): the value \(twice.shortened) is given twice")
        }
        return values
    }

    /// The whole numbers from one to another, both included; nil if the text is not `1..4` or the
    /// like.
    private static func range(
        _ text: String, of option: OptionDescription
    ) throws(UsageError) -> ClosedRange<Int>? {
        let ends = text.components(separatedBy: "..").map { Int($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1] else { return nil }
        guard first <= last else {
            throw UsageError(
                "--\(option.name) \(text.shortened): expected a range from the lower to the higher number"
            )
        }
        let (distance, isHuge) = last.subtractingReportingOverflow(first)
        guard !isHuge, distance < Grid.mostRuns else {
            throw UsageError(
                "--\(option.name) \(text.shortened): expected at most \(Format.count(Grid.mostRuns)) values"
            )
        }
        return first...last
    }
}

extension OptionDescription {
    /// Whether a single value may contain commas, as its placeholder shows.
    fileprivate var hasCommas: Bool { placeholder.contains(",") }
}
