import Autograd

/// The two directions in which points vary most, and the points as seen along them.
struct PrincipalComponents {
    /// The coordinates along both directions, `float64`, `[n, 2]`.
    let coordinates: Tensor
    /// The part of the whole variance that lies in each direction, from 0 to 1.
    let shares: [Double]

    /// - Parameter points: `[n, d]` with n at least 1 and d at least 2.
    init(of points: Tensor) {
        guard points.rank == 2, points.shape[0] >= 1, points.shape[1] >= 2 else {
            fatalError("PrincipalComponents: points of shape \(points.shape)")
        }
        let points = points.cast(to: .float64)
        let centered = points - points.mean(axes: [0])
        var covariance =
            matmul(centered, centered, transposingLeft: true) / Double(points.shape[0])
        let total = covariance.trace().scalar

        var directions: [Tensor] = []
        var shares: [Double] = []
        for _ in 0..<2 {
            // What is left by rounding has no direction.
            let isFlat = covariance.trace().scalar <= 1e-12 * total
            let direction =
                isFlat
                ? Tensor.zeros([points.shape[1]], dataType: .float64)
                : Self.dominantDirection(of: covariance)
            let column = direction.expandingAxis(1)
            let variance = dot(direction, matmul(covariance, column).flattened(fromAxis: 0))
            directions.append(direction)
            shares.append(isFlat ? 0 : variance.scalar / total)
            covariance = covariance - variance * matmul(column, column, transposingRight: true)
        }
        coordinates = matmul(centered, stacked(directions, axis: 1))
        self.shares = shares
    }

    /// The unit eigenvector of the greatest eigenvalue of a symmetric matrix without negative
    /// ones, its greatest component positive.
    ///
    /// The matrix is squared 30 times: of its power 2³⁰ nothing is left but this direction,
    /// unless the second eigenvalue is equal to the first in nearly eight digits.
    private static func dominantDirection(of matrix: Tensor) -> Tensor {
        var power = matrix
        for _ in 0..<30 {
            power = power / power.trace()
            power = matmul(power, power)
        }
        // Every column lies along it; the one with the greatest diagonal element is longest.
        let direction = power[Int(power.diagonal().argmax().scalar)]
        let greatest = Int(abs(direction).argmax().scalar)
        return direction / (sqrt(dot(direction, direction)) * sign(direction[greatest]))
    }
}
