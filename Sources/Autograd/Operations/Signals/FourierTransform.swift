import Foundation
import KernelInterface

/// The discrete Fourier transform along some axes, one after another, of complex numbers that are
/// given by their real and imaginary parts:
///
///     Xₖ = Σₙ xₙ exp(−2πi k n / N)
///
/// The inverse has the opposite sign and divides by N, so that it undoes the transform. Of any length
/// N ≥ 1: by a pass for each factor of N (Cooley and Tukey, "An algorithm for the machine calculation
/// of complex Fourier series", 1965), and as a convolution if N has a large prime factor (Bluestein,
/// "A linear filtering approach to the computation of discrete Fourier transform", 1970).
///
/// Traps if the parts differ in shape or type, are of integers, or have no element along an axis.
///
/// - Parameters:
///   - axes: negative ones count from the end; for images the last two, `[-2, -1]`.
///   - isInverse: whether to compute the inverse transform.
public func fourierTransform(
    real: Tensor, imaginary: Tensor, axes: [Int] = [-1], isInverse: Bool = false
) -> (real: Tensor, imaginary: Tensor) {
    real.checkFloatingPoint("fourierTransform")
    guard real.shape == imaginary.shape, real.dataType == imaginary.dataType else {
        trap(
            "fourierTransform",
            "a real part of \(real.dataType) of shape \(real.shape) and an imaginary part of "
                + "\(imaginary.dataType) of shape \(imaginary.shape)")
    }
    var value = ComplexTensor(real, imaginary)
    for axis in Shape.normalize(axes: axes, rank: real.rank, in: "fourierTransform") {
        let size = real.shape[axis]
        guard size > 0 else {
            trap("fourierTransform", "axis \(axis) of shape \(real.shape) has no element")
        }
        let (outer, inner) = (real.shape[..<axis], real.shape[(axis + 1)...])
        value = value.map { $0.reshaped([outer.reduce(1, *), size, inner.reduce(1, *)]) }
            .transformed(isInverse ? 1 : -1)
            .map { $0.reshaped(real.shape) }
        if isInverse { value = value.map { $0 / Double(size) } }
    }
    return (value.real, value.imaginary)
}

/// Complex numbers, `[outer, size, inner]` where they are transformed.
private struct ComplexTensor {
    let real: Tensor
    let imaginary: Tensor

    init(_ real: Tensor, _ imaginary: Tensor) { (self.real, self.imaginary) = (real, imaginary) }

    func map(_ body: (Tensor) -> Tensor) -> ComplexTensor {
        ComplexTensor(body(real), body(imaginary))
    }

    /// The product of each two elements; they broadcast.
    static func * (a: ComplexTensor, b: ComplexTensor) -> ComplexTensor {
        ComplexTensor(
            a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real
        )
    }

    var conjugate: ComplexTensor { ComplexTensor(real, -imaginary) }

    /// Transformed along the middle axis with an exponent of this sign.
    func transformed(_ sign: Double) -> ComplexTensor {
        guard let plan = FourierPlan.of(real.shape[1], real.dataType, .lanes) else {
            return convolved(sign)
        }
        let both = planned(real, imaginary, plan, sign)
        return ComplexTensor(both[0], both[1]).map { $0.reshaped(real.shape) }
    }

    /// As a convolution with a chirp, of a length that is a power of 2: 2 n k = n² + k² − (k − n)².
    private func convolved(_ sign: Double) -> ComplexTensor {
        let size = real.shape[1]
        var length = 1
        while length < 2 * size - 1 { length *= 2 }
        let angles = (0..<size).map {
            sign * Double.pi * Double($0 * $0 % (2 * size)) / Double(size)
        }
        func column(_ numbers: [Double]) -> Tensor {
            Tensor(numbers, shape: [numbers.count, 1]).cast(to: real.dataType)
        }
        let chirp = ComplexTensor(column(angles.map { cos($0) }), column(angles.map { sin($0) }))
        let filled = (self * chirp).map { $0.padded([(0, 0), (0, length - size), (0, 0)]) }
        // The chirp's conjugate at the distances from −(size − 1) to size − 1, around a circle.
        let around = chirp.conjugate.map { values in
            let backwards = values.sliced(axis: 0, 1..<size, step: -1)
            let gap = Tensor.zeros([length - 2 * size + 1, 1], dataType: values.dataType)
            return concatenated([values, gap, backwards]).reshaped([1, length, 1])
        }
        let product = filled.transformed(-1) * around.transformed(-1)
        let convolution = product.transformed(1).map {
            $0.sliced(axis: 1, 0..<size) / Double(length)
        }
        return convolution * chirp
    }
}

/// Both parts, `[2, outer · size · inner]`, of the transform of `[outer, size, inner]` each. Its
/// transpose has the exponent's other sign.
private func planned(
    _ real: Tensor, _ imaginary: Tensor, _ plan: FourierPlan, _ sign: Double
) -> Tensor {
    differentiable("fourierTransform", [real, imaginary]) { parts in
        Tensor(parts[0].dataType, [2, parts[0].count]) { output in
            let rows = FourierRows(parts[0].shape, parts[0].dataType)
            let sources = parts.map { $0.storage.pointer }
            let targets = [output.pointer, output.pointer + parts[0].count * output.dataType.size]
            // With real and imaginary parts exchanged, the sign is the other.
            let (real, imaginary) = sign < 0 ? (0, 1) : (1, 0)
            rows.transform(
                ComplexMemory(real: sources[real], imaginary: sources[imaginary]),
                to: ComplexMemory(real: targets[real], imaginary: targets[imaginary]), by: plan)
        }
    } pullback: { operands, _ in
        let shape = operands[0].shape
        return { cotangent in
            let parts = (0..<2).map { cotangent[$0].reshaped(shape) }
            let both = planned(parts[0], parts[1], plan, -sign)
            return (0..<2).map { both[$0].reshaped(shape) }
        }
    }
}
