import Datasets

/// Samples by the value of a factor that they were made of: each value, or parts of the range if there are
/// many.
struct FactorParts {
    /// Of each sample.
    let parts: [Int]
    /// The values, or the ranges.
    let names: [String]
    /// The colours of values that have an order.
    let scale: ColorScale?

    private static let most = 8

    /// - Parameter values: of each sample.
    init(_ factor: Factor, _ values: [Double]) {
        let distinct = Set(values).sorted()
        let (least, greatest) = (distinct.first ?? 0, distinct.last ?? 0)
        let goesAround = factor.symmetries.max().map { 0.9 * $0 < greatest - least } ?? false
        scale = factor.isCategory ? nil : goesAround ? .cyclic : .sequential
        guard distinct.count > Self.most, !factor.isCategory else {
            let places = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
            // Sound: each value is among the distinct ones.
            parts = values.map { places[$0]! }
            names = Format.column(distinct)
            return
        }
        let width = (greatest - least) / Double(Self.most)
        // Sound: the quotient is from 0 to 8.
        parts = values.map { min(Int(($0 - least) / width), Self.most - 1) }
        let bounds = Format.column((0...Self.most).map { least + width * Double($0) })
        names = zip(bounds, bounds.dropFirst()).map { "\($0) to \($1)" }
    }
}
