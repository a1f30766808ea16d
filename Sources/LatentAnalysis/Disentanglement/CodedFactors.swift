import Autograd
import Datasets

/// Codes of samples whose factors of variation are known: what scores of disentanglement are computed
/// from. The first samples are for training, where a score trains something, the others for testing.
///
/// Factors with fewer than two values are left out, since nothing can be told of them.
public struct CodedFactors: Sendable {
    /// The factors that have at least two values.
    public let factors: [Factor]
    /// How many samples are for training.
    public let trainingCount: Int
    /// How many samples there are.
    public let count: Int
    /// The numbers of the codes, `[units][samples]`.
    let codes: [[Double]]
    /// The values of the factors, `[factors][samples]`.
    let values: [[Double]]
    /// The same as classes from 0: the values in order, or in bins if there are more.
    let classes: [Classes]

    /// The class of each sample.
    struct Classes: Sendable {
        let of: [Int]
        let count: Int
    }

    /// Into how many bins of equal width numbers are divided where a score counts.
    static let bins = 20

    /// Traps unless there are values for each code, two or more samples of each part, and a factor that
    /// varies.
    public init(codes: Tensor, factors: Factors, trainingCount: Int) {
        let flat = codes.rank > 0 ? codes.flattened() : codes
        guard flat.rank == 2, flat.shape[0] == factors.values.shape[0], trainingCount > 1,
            trainingCount < flat.shape[0] - 1
        else {
            programmerError(
                "CodedFactors",
                "codes of shape \(codes.shape) with factors of \(factors.values.shape), "
                    + "\(trainingCount) for training")
        }
        requireFinite(codes, "CodedFactors")
        let known = factors.all.indices.map {
            (
                factors.all[$0],
                factors.values(of: $0).cast(to: .float64).elements(as: Double.self)
            )
        }.filter { Set($0.1).count > 1 }
        guard !known.isEmpty else { programmerError("CodedFactors", "no factor varies") }
        (self.trainingCount, count) = (trainingCount, flat.shape[0])
        self.factors = known.map(\.0)
        values = known.map(\.1)
        classes = known.map { Self.classes(of: $1, isCategory: $0.isCategory) }
        self.codes = (0..<flat.shape[1]).map {
            flat[.all, $0].cast(to: .float64).elements(as: Double.self)
        }
    }

    /// The samples with each factor's values in another order: codes that say nothing of them.
    public func shuffled(using generator: inout RandomGenerator) -> CodedFactors {
        let orders = factors.map { _ in generator.permutation(count) }
        return CodedFactors(
            factors: factors, trainingCount: trainingCount, count: count, codes: codes,
            values: zip(values, orders).map { values, order in order.map { values[$0] } },
            classes: zip(classes, orders).map { classes, order in
                Classes(of: order.map { classes.of[$0] }, count: classes.count)
            })
    }

    private init(
        factors: [Factor], trainingCount: Int, count: Int, codes: [[Double]], values: [[Double]],
        classes: [Classes]
    ) {
        (self.factors, self.trainingCount, self.count) = (factors, trainingCount, count)
        (self.codes, self.values, self.classes) = (codes, values, classes)
    }

    private static func classes(of values: [Double], isCategory: Bool) -> Classes {
        let distinct = Set(values).sorted()
        guard distinct.count > bins, !isCategory else {
            let ranks = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
            // Sound: each value is among the distinct ones.
            return Classes(of: values.map { ranks[$0]! }, count: distinct.count)
        }
        return Classes(of: binned(values), count: bins)
    }

    /// The bin of each value, between the least and the greatest.
    static func binned(_ values: [Double]) -> [Int] {
        let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
        guard greatest > least else { return values.map { _ in 0 } }
        return values.map {
            // Sound: the quotient is from 0 to 1.
            min(Int(($0 - least) / (greatest - least) * Double(bins)), bins - 1)
        }
    }
}
