import Autograd
import FileSupport
import LatentAnalysis
import Models

/// What changes in a sample as one component of its code at a time moves through the range of that
/// component, the others staying as they are. Stored as a table in a run's folder, so that the report can
/// be rewritten without the data.
struct Traversals {
    /// A row of the picture.
    struct Row {
        /// From 1.
        let component: Int
        /// What it says of a sample, in nats; of a code without divergences the deviation.
        let weight: Double
        /// Where the row begins and ends.
        let lower: Double
        let upper: Double
        /// The factor of which the component says most, if factors are known.
        let factor: String?
        /// How much it says of that factor, relative to all there is to say.
        let share: Double?
    }

    /// Those that say most first.
    let rows: [Row]
    /// Whether weights are divergences.
    let areDivergences: Bool

    /// - Parameters:
    ///   - codes: of samples, `[samples, components]`.
    ///   - divergences: of each component from its prior; anything else if there are none for each.
    ///   - factors: of the same samples, if they are known.
    ///   - count: how many rows there are at most.
    init(codes: Tensor, divergences: [Double], factors: Factors?, count: Int) {
        let components = (0..<codes.shape[1]).map {
            codes[.all, $0].cast(to: .float64).elements(as: Double.self)
        }
        areDivergences = divergences.count == components.count
        let weights = areDivergences ? divergences : components.map { Spread($0).deviation ?? 0 }
        let known = factors.flatMap { factors -> FactorInformation? in
            guard codes.shape[0] > 3, factors.vary else { return nil }
            return FactorInformation(
                CodedFactors(
                    codes: codes, factors: factors, trainingCount: codes.shape[0] / 2))
        }
        rows = components.indices.sorted { (-weights[$0], $0) < (-weights[$1], $1) }.prefix(count)
            .map { index in
                let sorted = components[index].sorted()
                let followed = known?.factor(of: index)
                return Row(
                    component: index + 1, weight: weights[index], lower: sorted.quantile(0.01),
                    upper: sorted.quantile(0.99), factor: followed?.name, share: followed?.share)
            }
    }

    /// The codes of the picture, row by row: `[rows * steps, components]`.
    ///
    /// - Parameters:
    ///   - code: of the sample that is changed, `[components]`.
    ///   - areDirections: whether codes are unit vectors: then the other components shrink or grow
    ///     together, so that they stay such.
    func codes(around code: Tensor, steps: Int, areDirections: Bool) -> Tensor {
        let start = code.cast(to: .float64).elements(as: Double.self)
        let all = rows.flatMap { row in
            (0..<steps).flatMap { step -> [Double] in
                let place = steps > 1 ? Double(step) / Double(steps - 1) : 0.5
                let value = row.lower + (row.upper - row.lower) * place
                let own = start[row.component - 1]
                let rest = max(1 - own * own, 1e-12)
                let factor = areDirections ? (max(1 - value * value, 0) / rest).squareRoot() : 1
                var moved = start.map { $0 * factor }
                moved[row.component - 1] = value
                return moved
            }
        }
        return Tensor(all, shape: [rows.count * steps, start.count]).cast(to: code.dataType)
    }

    // MARK: In words

    /// A line for each row, from the top.
    var lines: [String] {
        rows.map { row in
            let weight =
                areDivergences
                ? "\(Format.number(row.weight)) nats"
                : "deviation \(Format.number(row.weight))"
            var line =
                "component \(row.component): \(weight), from \(Format.number(row.lower)) to "
                + Format.number(row.upper)
            if let factor = row.factor, let share = row.share {
                line += ", follows \(factor) (\(Format.number(100 * share)) % of what can be said)"
            }
            return line
        }
    }

    var caption: String {
        "Each row moves one component of the code of a test sample from the first to the last "
            + "percentile of its values, with the others as they are. From the top: "
            + lines.joined(separator: "; ") + "."
    }

    // MARK: File

    private static func columns(_ areDivergences: Bool) -> [String] {
        ["component", areDivergences ? "divergence" : "deviation", "from", "to", "factor", "share"]
    }

    var table: CSV.Table {
        CSV.Table(
            header: Self.columns(areDivergences),
            rows: rows.map { row in
                [
                    "\(row.component)", "\(row.weight)", "\(row.lower)", "\(row.upper)",
                    row.factor ?? "", row.share.map { "\($0)" } ?? "",
                ]
            })
    }

    init(contentsOf path: String) throws(FileError) {
        let table = try CSV.Table(contentsOf: path)
        guard let kind = [true, false].first(where: { table.header == Self.columns($0) }) else {
            throw FileError(
                path: path, expected: "the columns \(Self.columns(true).joined(separator: ", "))",
                found: table.header.joined(separator: ", "))
        }
        areDivergences = kind
        var rows: [Row] = []
        for index in 0..<table.rowCount {
            let cells = (0..<6).map { table[index, $0] }
            let numbers = cells.prefix(4).compactMap { Double($0) }
            guard numbers.count == 4, let component = Int(exactly: numbers[0]) else {
                throw FileError(
                    path: path, expected: "the numbers of a component in row \(index + 1)",
                    found: cells.joined(separator: ", "))
            }
            rows.append(
                Row(
                    component: component, weight: numbers[1], lower: numbers[2],
                    upper: numbers[3], factor: cells[4].isEmpty ? nil : cells[4],
                    share: Double(cells[5])))
        }
        self.rows = rows
    }
}

extension Factors {
    /// Whether a factor has more than one value.
    fileprivate var vary: Bool {
        all.indices.contains { index in
            let values = values(of: index)
            return values.max().scalar > values.min().scalar
        }
    }
}

extension FactorInformation {
    /// The factor of which a component says most, relative to all there is to say of it.
    fileprivate func factor(of component: Int) -> (name: String, share: Double)? {
        zip(factors, zip(information, entropies))
            .map { ($0.name, share: $1.0[component] / $1.1) }
            .max { $0.share < $1.share }
    }
}
