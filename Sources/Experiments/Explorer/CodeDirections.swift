import Autograd
import Foundation
import LatentAnalysis
import Models

/// The directions along which codes are moved: numbers that mean something by themselves, the two
/// numbers of codes in a plane, or else the principal directions of codes. The first two are those of
/// the plane that one drags in.
struct CodeDirections: Codable, Equatable {
    struct Direction: Codable, Equatable {
        var name: String
        /// Of length 1.
        var vector: [Float]
        /// How far it is worth going, from the origin.
        var lower: Double
        var upper: Double
    }

    /// The code from which directions are counted.
    var origin: [Float]
    var directions: [Direction]

    /// More directions than these say little, and would fill the page.
    private static let most = 62
    private static let mostNumbers = 40_000

    /// - Parameters:
    ///   - codes: of test samples, `[n, size]`.
    ///   - names: of a code's first numbers.
    ///   - prior: of the codes.
    init(of codes: Tensor, names: [String], prior: CodePrior) {
        let codes = codes.cast(to: .float64)
        let size = codes.shape[1]
        let content = size - names.count
        var origin = [Double](repeating: 0, count: size)
        var found: [(name: String, vector: [Double])] = []
        func axis(_ index: Int, _ name: String) -> (String, [Double]) {
            (name, (0..<size).map { $0 == index ? 1 : 0 })
        }
        if content <= 2 {
            found = (0..<content).map { axis(names.count + $0, "component \($0 + 1)") }
        } else {
            let part = codes[.all, names.count...]
            let count = min(content, Self.most, max(2, Self.mostNumbers / size))
            let components = PrincipalComponents(of: part, count: count)
            origin.replaceSubrange(names.count..., with: components.mean.elements(as: Double.self))
            let zeros = [Double](repeating: 0, count: names.count)
            for (index, share) in components.shares.enumerated() where share > 0 {
                let vector = zeros + components.directions[index].elements(as: Double.self)
                let percent = String(format: "%.\(share < 0.1 ? 1 : 0)f", 100 * share)
                found.append(("direction \(index + 1), \(percent) %", vector))
            }
        }
        found += names.enumerated().map { axis($0, $1) }
        // Codes that are all the same have no direction.
        while found.count < 2, found.count < size {
            found.append(axis(found.count, "component \(found.count + 1)"))
        }
        let center = Tensor(origin, shape: [1, size])
        directions = found.map { name, vector in
            let places = matmul(codes - center, Tensor(vector, shape: [size, 1]))
                .elements(as: Double.self).sorted()
            let (lower, upper) = Self.range(of: places, prior, isAngle: name == "angle")
            return Direction(
                name: name, vector: vector.map { Float($0) }, lower: lower, upper: upper)
        }
        self.origin = origin.map { Float($0) }
    }

    /// A little beyond the places of most codes, and what a prior says of others.
    private static func range(
        of places: [Double], _ prior: CodePrior, isAngle: Bool
    ) -> (lower: Double, upper: Double) {
        if isAngle { return (-Double.pi, Double.pi) }
        let (lower, upper) = (places.quantile(0.01), places.quantile(0.99))
        let margin = 0.1 * (upper - lower)
        switch prior {
        case .standardNormal: return (min(lower, -3), max(upper, 3))
        case .directions: return (-1.1, 1.1)
        case .own, .none:
            return upper > lower ? (lower - margin, upper + margin) : (lower - 3, upper + 3)
        }
    }
}
