import Autograd

/// A direction in which codes change as samples gain an attribute: the mean of the codes with it less the
/// mean of those without (Larsen et al., "Autoencoding beyond pixels using a learned similarity metric",
/// arXiv:1512.09300, section 4.2). Added to a code, it edits what the code is decoded to.
public struct AttributeVector: Sendable {
    /// `float64`, `[components]`.
    public private(set) var direction: Tensor
    /// How many codes had the attribute.
    public let having: Int
    /// How many had not.
    public let lacking: Int

    /// Nil if none of the codes has the attribute, or none lacks it.
    ///
    /// - Parameters:
    ///   - codes: `[samples, components]`; traps if they are not as many as the marks.
    ///   - marks: of each sample whether it has the attribute; nil if that is not known, or it counts as
    ///     neither.
    public init?(of codes: Tensor, _ marks: [Bool?]) {
        guard codes.rank == 2, codes.shape[0] == marks.count else {
            programmerError(
                "AttributeVector", "\(marks.count) marks for codes of shape \(codes.shape)")
        }
        func mean(_ kind: Bool) -> (mean: Tensor, count: Int)? {
            let positions = marks.indices.filter { marks[$0] == kind }
            guard !positions.isEmpty else { return nil }
            let rows = codes.gathered(at: Tensor(positions.map { Int32($0) }))
            return (rows.cast(to: .float64).mean(axes: [0]), positions.count)
        }
        guard let with = mean(true), let without = mean(false) else { return nil }
        direction = with.mean - without.mean
        (having, lacking) = (with.count, without.count)
    }

    /// Its length in the space of codes.
    public var length: Double { (direction * direction).sum().scalar.squareRoot() }

    /// The cosine of the angle to another, from −1 to 1; 0 if one has no length.
    public func cosine(with other: AttributeVector) -> Double {
        let lengths = length * other.length
        return lengths > 0 ? (direction * other.direction).sum().scalar / lengths : 0
    }

    /// What is left of it without the directions of others, by Gram and Schmidt: added to a code, it
    /// leaves what the code says along each of these as it was.
    public func orthogonal(to others: [AttributeVector]) -> AttributeVector {
        var basis: [Tensor] = []
        for other in others {
            let rest = Self.rest(of: other.direction, outside: basis)
            let length = (rest * rest).sum().scalar.squareRoot()
            // One that lies within the others adds nothing but rounding.
            if length > 1e-9 * other.length { basis.append(rest / length) }
        }
        var vector = self
        vector.direction = Self.rest(of: direction, outside: basis)
        return vector
    }

    /// Twice, as once leaves what rounding leaves of nearly equal directions (Giraud et al., 2005).
    private static func rest(of vector: Tensor, outside basis: [Tensor]) -> Tensor {
        (basis + basis).reduce(vector) { $0 - ($0 * $1).sum() * $1 }
    }
}
