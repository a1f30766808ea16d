import Autograd

/// The squared maximum mean discrepancy between two sets of features, with the cubic polynomial
/// kernel k(x, y) = (x · y / size + 1)³ (Bińkowski et al., "Demystifying MMD GANs",
/// arXiv:1801.01401, section 4 and equation 4).
///
/// The estimate is unbiased, whatever the number of samples: about 0, and as often below as above,
/// if both sets are of one distribution. It is the mean over blocks, whose differences also give its
/// standard error. Computed in `float64`; not a number if features are so large, about 10⁵⁰, that
/// the kernel overflows.
public struct KernelDiscrepancy: Sendable, Hashable {
    public let mean: Double
    /// Not a number if there is a single block.
    public let standardError: Double

    private static let usualBlocks = 10
    private static let mostInBlock = 1000

    /// Traps if the widths differ, there are fewer than two vectors in a set, a block would have
    /// fewer, or an element is not finite.
    ///
    /// - Parameters:
    ///   - first: `[n, features]`.
    ///   - second: `[m, features]`.
    ///   - blocks: how many blocks, of about equal sizes, each set is divided into; by default ten,
    ///     more if one would have more than 1,000 vectors, and fewer if one would have less than two.
    ///   - generator: divides the sets at random, as their order may say something.
    public init(
        between first: Tensor, and second: Tensor, blocks: Int? = nil,
        using generator: inout RandomGenerator
    ) {
        let sets = FeatureSets(first, second, least: 2, for: "KernelDiscrepancy")
        let (n, m) = (sets.first.shape[0], sets.second.shape[0])
        let most = min(n, m) / 2
        let usual = max(Self.usualBlocks, (max(n, m) + Self.mostInBlock - 1) / Self.mostInBlock)
        let count = blocks ?? min(usual, most)
        guard 1...most ~= count else {
            programmerError(
                "KernelDiscrepancy",
                "\(count) blocks of \(n) and \(m) vectors, expected from 1 to \(most)")
        }
        let (a, b) = (
            Self.blocks(count, of: sets.first, using: &generator),
            Self.blocks(count, of: sets.second, using: &generator)
        )
        let values = zip(a, b).map(Self.unbiased)
        let mean = values.reduce(0, +) / Double(count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        standardError = (squares / Double(count - 1) / Double(count)).squareRoot()
    }

    private static func blocks(
        _ count: Int, of vectors: Tensor, using generator: inout RandomGenerator
    ) -> [Tensor] {
        let total = vectors.shape[0]
        let order = generator.permutation(total).map { Int32($0) }
        return (0..<count).map { block in
            let range = block * total / count..<(block + 1) * total / count
            return vectors.gathered(at: Tensor(Array(order[range])))
        }
    }

    private static func unbiased(_ a: Tensor, _ b: Tensor) -> Double {
        /// The mean over pairs of different vectors.
        func within(_ x: Tensor) -> Double {
            let (values, count) = (kernel(x, x), Double(x.shape[0]))
            return (values.sum().scalar - values.trace().scalar) / (count * (count - 1))
        }
        return within(a) + within(b) - 2 * kernel(a, b).mean().scalar
    }

    private static func kernel(_ a: Tensor, _ b: Tensor) -> Tensor {
        let base = matmul(a, b, transposingRight: true) / Double(a.shape[1]) + 1
        return base * base * base
    }
}
