import Autograd
import Foundation
import Models

/// Codes on the way between others, where a model's codes lie: pictures of them show what is between
/// samples.
struct CodePaths {
    private let prior: CodePrior

    init(of model: any Module) {
        prior = (model as? any Generates)?.codePrior ?? .none
    }

    /// Codes in equal steps from some to as many others, `[count, steps, …]`: along straight lines, or
    /// along great circles if codes are directions.
    func between(_ first: Tensor, _ last: Tensor, steps: Int) -> Tensor {
        let places = (0..<steps).map { Double($0) / Double(steps - 1) }
        guard prior == .directions else {
            return stacked(places.map { first + (last - first) * $0 }, axis: 1)
        }
        // Where directions are equal or opposed any great circle will do.
        let cosines = (first * last).sum(axes: [-1], keepingAxes: true)
        let angles = cosines.cast(to: .float64).elements(as: Double.self)
            .map { acos(min(max($0, -0.9999), 0.9999)) }
        let angle = Tensor(angles, shape: cosines.shape).cast(to: cosines.dataType)
        return stacked(
            places.map { place in
                let sum = sin((1 - place) * angle) * first + sin(place * angle) * last
                return sum / sqrt(square(sum).sum(axes: [-1], keepingAxes: true))
            }, axis: 1)
    }

    /// The codes of a grid of codes with two components, `[side * side, …]`, row by row from the top. For
    /// a normal prior the steps are equal in probability; directions go once around the circle, as one
    /// reads. Other codes, such as probabilities, may be meaningful only in part of the plane: the grid
    /// is uniform, and spans the quantiles 0.05 to 0.95 of the test samples' codes.
    ///
    /// - Parameter codes: those of the test samples, computed if they are needed.
    func manifold<Failure>(
        side: Int, codes: () throws(Failure) -> Tensor
    ) throws(Failure) -> Tensor {
        // The middles of equal parts of the range from 0 to 1.
        let middles = (0..<side).map { (Double($0) + 0.5) / Double(side) }
        switch prior {
        case .standardNormal:
            let quantiles = middles.map { normalQuantile($0) }
            return Self.grid(quantiles, quantiles, shape: [2])
        case .directions:
            let circle = (0..<side * side).flatMap { index -> [Double] in
                let angle = 2 * Double.pi * Double(index) / Double(side * side)
                return [cos(angle), sin(angle)]
            }
            return Tensor(circle, shape: [side * side, 2])
        case .own, .none:
            let codes = try codes()
            let ticks = (0..<2).map { component in
                let values = codes.flattened().sliced(axis: 1, component..<component + 1)
                    .cast(to: .float64).elements(as: Double.self).sorted()
                let (lower, upper) = (values.quantile(0.05), values.quantile(0.95))
                return middles.map { lower + (upper - lower) * $0 }
            }
            return Self.grid(ticks[0], ticks[1], shape: Array(codes.shape.dropFirst()))
        }
    }

    private static func grid(_ across: [Double], _ up: [Double], shape: [Int]) -> Tensor {
        let side = across.count
        let plane = (0..<side * side).flatMap { index -> [Double] in
            [across[index % side], up[side - 1 - index / side]]
        }
        return Tensor(plane, shape: [side * side] + shape)
    }
}
