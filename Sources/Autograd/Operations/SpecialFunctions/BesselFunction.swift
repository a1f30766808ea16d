// The modified Bessel function of the first kind, and its derivative.

/// log I_v(x), elementwise, with the modified Bessel function of the first kind of order v ≥ 0,
/// which need not be whole: NaN for negative x, and −∞ at 0 unless v is 0. Traps if the order is
/// negative or not finite.
///
/// Computed by the power series (DLMF 10.25.2) or Debye's uniform expansion (DLMF 10.41.3), so that
/// neither great orders nor great arguments overflow.
public func logBesselI(_ x: Tensor, order: Double) -> Tensor {
    guard order >= 0, order.isFinite else {
        trap("logBesselI", "the order \(order) is negative or not finite")
    }
    return differentiable("logBesselI", x) { x in
        mapInDouble("logBesselI", x) { BesselI(order: order, $0).logarithm }
    } pullback: { x, _ in
        .elementwise { cotangent in
            let slope = x * besselIRatio(x, order: order)
            return cotangent * (order == 0 ? slope : order / x + slope)
        }
    }
}

/// q_v(x) = I_{v+1}(x) / (x I_v(x)). It is smooth at 0, and so is its derivative in the form
/// x q_v (q_{v+1} − q_v), which follows from the recurrence 1 − x² q_v q_{v+1} = 2 (v + 1) q_v.
package func besselIRatio(_ x: Tensor, order: Double) -> Tensor {
    differentiable("logBesselI", x) { x in
        mapInDouble("logBesselI", x) { BesselI(order: order, $0).ratio }
    } pullback: { x, ratio in
        .elementwise { cotangent in
            cotangent * x * ratio * (besselIRatio(x, order: order + 1) - ratio)
        }
    }
}
