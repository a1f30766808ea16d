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
    ///
    /// - Parameter spherical: whether to go along arcs in any case, see ``arcs(_:_:at:)``.
    func between(_ first: Tensor, _ last: Tensor, steps: Int, spherical: Bool = false) -> Tensor {
        let places = (0..<steps).map { Double($0) / Double(max(1, steps - 1)) }
        guard spherical || prior == .directions else {
            return stacked(places.map { first + (last - first) * $0 }, axis: 1)
        }
        return onto(Self.arcs(first, last, at: places))
    }

    /// Codes where a model's codes lie: directions are given the length 1 again, others stay as they are.
    func onto(_ codes: Tensor) -> Tensor {
        guard prior == .directions else { return codes }
        return codes / sqrt(square(codes).sum(axes: [-1], keepingAxes: true))
    }

    /// Spherical interpolation, `[count, places, …]`: codes of equal length keep it and turn evenly from
    /// one direction to the other (Shoemake, "Animating rotation with quaternion curves", 1985; White,
    /// "Sampling Generative Networks", arXiv:1609.04468). Draws from a normal prior of many components have
    /// nearly equal lengths, and the middle of a straight line between two is shorter than nearly all draws.
    ///
    /// - Parameter places: from 0 to 1.
    static func arcs(_ first: Tensor, _ last: Tensor, at places: [Double]) -> Tensor {
        let (a, b) = (first.flattened().cast(to: .float64), last.flattened().cast(to: .float64))
        func sums(_ product: Tensor) -> [Double] {
            product.sum(axes: [1]).elements(as: Double.self)
        }
        let lengths = zip(sums(a * a), sums(b * b)).map { ($0 * $1).squareRoot() }
        // Where directions are equal or opposed any great circle will do, and 0 has no direction.
        let angles = zip(sums(a * b), lengths).map { product, length in
            acos(length > 0 ? min(max(product / length, -0.9999), 0.9999) : 0)
        }
        let shape = [first.shape[0]] + first.shape.dropFirst().map { _ in 1 }
        let steps = places.map { place -> Tensor in
            func weight(_ part: Double) -> Tensor {
                Tensor(angles.map { sin(part * $0) / sin($0) }, shape: shape)
                    .cast(to: first.dataType)
            }
            return weight(1 - place) * first + weight(place) * last
        }
        return stacked(steps, axis: 1)
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
            return Self.covering(try codes(), side: side)
        }
    }

    /// A uniform grid in the plane, `[side * side, …]`, row by row from the top, over the quantiles 0.05 to
    /// 0.95 of codes with two components.
    static func covering(_ codes: Tensor, side: Int) -> Tensor {
        let middles = (0..<side).map { (Double($0) + 0.5) / Double(side) }
        let ticks = (0..<2).map { component in
            let values = codes.flattened().sliced(axis: 1, component..<component + 1)
                .cast(to: .float64).elements(as: Double.self).sorted()
            let (lower, upper) = (values.quantile(0.05), values.quantile(0.95))
            return middles.map { lower + (upper - lower) * $0 }
        }
        return grid(ticks[0], ticks[1], shape: Array(codes.shape.dropFirst()))
    }

    private static func grid(_ across: [Double], _ up: [Double], shape: [Int]) -> Tensor {
        let side = across.count
        let plane = (0..<side * side).flatMap { index -> [Double] in
            [across[index % side], up[side - 1 - index / side]]
        }
        return Tensor(plane, shape: [side * side] + shape)
    }
}
