import Autograd
import FileSupport
import Models

/// Options of a recipe as they are given, some of them with several values, and all combinations of
/// these.
struct Grid: Sendable {
    static let mostRuns = 1000

    /// The texts of the options with one value.
    private(set) var single: [String: String] = [:]
    /// The options with several values, in the order of the recipe, the seed last.
    private(set) var swept: [SweptOption] = []

    /// - Parameter texts: by option. Those that are no values, and those of options that the recipe
    ///   does not have, are kept for the recipe to refuse.
    init(_ texts: [String: String], of recipe: some Recipe) throws(UsageError) {
        single = texts
        for option in recipe.options {
            guard let text = texts[option.name] else { continue }
            let values = try SweptOption.values(of: text, for: option, in: recipe)
            if values.count > 1 {
                single[option.name] = nil
                swept.append(SweptOption(name: option.name, values: values))
            } else {
                // A value stays as it was written, for messages; a range of one number becomes it.
                let isValue = (try? recipe.normalized(text, forOption: option.name)) != nil
                single[option.name] = isValue ? text : values[0]
            }
        }
        swept = swept.filter { !$0.isSeed } + swept.filter(\.isSeed)
        var count = 1
        for option in swept {
            let (product, isHuge) = count.multipliedReportingOverflow(by: option.values.count)
            count = product
            guard !isHuge, count <= Self.mostRuns else {
                let names = swept.map { "--\($0.name)" }.joined(separator: ", ")
                throw UsageError(
                    "\(names): expected at most \(Format.count(Self.mostRuns)) combinations of "
                        + "values")
            }
        }
    }

    /// All combinations, the last option varying fastest; but the seed slowest, so that every seed
    /// is a complete comparison.
    var points: [GridPoint] {
        let points = combinations
        guard let seeds = swept.last, seeds.isSeed else { return points }
        return seeds.values.flatMap { seed in
            points.map { $0.adding(GridPoint.Setting(option: seeds.name, value: seed)) }
        }
    }

    /// The combinations of the options other than the seed.
    var combinations: [GridPoint] {
        swept.filter { !$0.isSeed }.reduce([GridPoint()]) { points, option in
            points.flatMap { point in
                option.values.map {
                    point.adding(GridPoint.Setting(option: option.name, value: $0))
                }
            }
        }
    }
}

/// A combination of values of the swept options.
struct GridPoint: Hashable, Sendable {
    struct Setting: Hashable, Sendable {
        var option: String
        var value: String
    }

    var settings: [Setting] = []

    func adding(_ setting: Setting) -> GridPoint { GridPoint(settings: settings + [setting]) }

    /// A copy without an option.
    func without(_ option: String) -> GridPoint {
        GridPoint(settings: settings.filter { $0.option != option })
    }

    subscript(option: String) -> String? { settings.first { $0.option == option }?.value }

    /// The values by option.
    var texts: [String: String] {
        Dictionary(settings.map { ($0.option, $0.value) }) { first, _ in first }
    }

    /// "beta 1, seed 0".
    var title: String {
        settings.map { "\($0.option.replacing("-", with: " ")) \($0.value)" }
            .joined(separator: ", ")
    }

    /// Names of folders for points: "beta-1-seed-0"; or numbers, if such names would be too long or
    /// not unique.
    static func folderNames(of points: [GridPoint]) -> [String] {
        let names = points.map { point in
            String(
                point.settings.map { "\($0.option)-\($0.value)" }.joined(separator: "-").map {
                    $0.isASCII && ($0.isLetter || $0.isNumber) || "-.,+".contains($0) ? $0 : "-"
                })
        }
        // Some file systems do not distinguish upper and lower case.
        let isUnique = Set(names.map { $0.lowercased() }).count == names.count
        guard isUnique, names.allSatisfy({ $0.utf8.count <= 200 }) else {
            return points.indices.map { "run-\($0 + 1)" }
        }
        return names
    }
}
