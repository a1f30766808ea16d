import Autograd
import Foundation

/// The uniform distribution of unit vectors.
public struct UniformDirection: ContinuousDistribution, ReparameterizedDistribution {
    public let shape: [Int]
    public let dataType: DataType

    /// - Parameter shape: of a draw, `[…, dimensions]`. Traps without dimensions.
    public init(_ shape: [Int], dataType: DataType = .float32) {
        guard let dimensions = shape.last, dimensions > 0 else {
            programmerError("UniformDirection", "directions of shape \(shape)")
        }
        (self.shape, self.dataType) = (shape, dataType)
    }

    public var eventRank: Int { 1 }
    public var support: ClosedRange<Double> { -1...1 }
    public var mean: Tensor { Tensor.zeros(shape, dataType: dataType) }

    /// 1 / d in d dimensions.
    public var variance: Tensor {
        Tensor(repeating: 1 / Double(shape[shape.count - 1]), shape: shape, dataType: dataType)
    }

    /// The logarithm of the area of the sphere.
    public var entropy: Tensor? {
        Tensor(repeating: logArea, shape: batchShape, dataType: dataType)
    }

    /// log(2 π^(d/2) / Γ(d/2)).
    var logArea: Double {
        let half = Double(shape[shape.count - 1]) / 2
        return log(2) + half * log(Double.pi) - logarithmOfGamma(half)
    }

    /// Normal vectors, scaled to length 1.
    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        let noise = generator.normal(draws + shape, dataType: dataType)
        return noise / noise.norm(axes: [-1], keepingAxes: true)
    }

    /// Of vectors of length 1, which is not checked.
    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        return Tensor(repeating: -logArea, shape: Array(x.shape.dropLast()), dataType: dataType)
    }
}
