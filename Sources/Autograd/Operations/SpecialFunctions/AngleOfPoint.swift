import Foundation

/// The angles of points (x, y), in radians from −π to π, elementwise; 0 along the x axis. The operands
/// broadcast. At the origin the angle is 0, and its derivatives are not numbers.
public func atan2(_ y: Tensor, _ x: Tensor) -> Tensor {
    differentiable("atan2", y, x) { y, x in
        combineInDouble("atan2", y, x) { Foundation.atan2($0, $1) }
    } left: { y, x, angle in
        .elementwise(y, angle) { cotangent in cotangent * x / (square(x) + square(y)) }
    } right: { y, x, angle in
        .elementwise(x, angle) { cotangent in -cotangent * y / (square(x) + square(y)) }
    }
}
