import Autograd

/// An affine coupling (Dinh et al., "Density estimation using Real NVP", arXiv:1605.08803, section
/// 3.2): some components of a vector stay; the others are scaled and shifted by what a network makes
/// of those. The logarithm of the determinant is the sum of the log-scales.
public struct AffineCoupling: Bijection {
    /// 1 for the components that stay, 0 for the others, `[size]`.
    public let mask: Tensor
    private let network: @Sendable (_ kept: Tensor) -> (shift: Tensor, logScale: Tensor)

    /// - Parameters:
    ///   - mask: 1 for the components that stay, 0 for the others, `[size]`.
    ///   - network: from vectors in which the other components are 0, `[…, size]`, to shifts and
    ///     log-scales of all components, of which those of the other ones are used; what it captures
    ///     can be differentiated.
    public init(
        mask: Tensor,
        network: @escaping @Sendable (_ kept: Tensor) -> (shift: Tensor, logScale: Tensor)
    ) {
        guard mask.rank == 1 else {
            programmerError("AffineCoupling", "a mask of shape \(mask.shape), not a vector")
        }
        (self.mask, self.network) = (mask, network)
    }

    public var eventRank: Int { 1 }

    public func callAsFunction(_ x: Tensor) -> Tensor { valueWithLogDeterminant(at: x).value }
    public func inverse(_ y: Tensor) -> Tensor { inverseWithLogDeterminant(y).argument }

    public func logDeterminant(at x: Tensor) -> Tensor { coupling(x).logScale.sum(axes: [-1]) }

    public func valueWithLogDeterminant(
        at x: Tensor
    ) -> (value: Tensor, logDeterminant: Tensor) {
        let (shift, logScale) = coupling(x)
        return (x * exp(logScale) + shift, logScale.sum(axes: [-1]))
    }

    public func inverseWithLogDeterminant(
        _ y: Tensor
    ) -> (argument: Tensor, logDeterminant: Tensor) {
        let (shift, logScale) = coupling(y)
        return ((y - shift) * exp(-logScale), logScale.sum(axes: [-1]))
    }

    /// The same for argument and value, as what it is computed from stays.
    private func coupling(_ x: Tensor) -> (shift: Tensor, logScale: Tensor) {
        let (shift, logScale) = network(x * mask)
        let others = 1 - mask
        return (shift * others, logScale * others)
    }
}
