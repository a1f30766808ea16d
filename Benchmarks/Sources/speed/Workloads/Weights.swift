import Autograd
import Foundation
import Models

extension Module {
    /// The module with the weights that all participants start from, uniform around 0: those of
    /// a layer within 1 / √(elements of the weight for one output).
    ///
    /// - Parameters:
    ///   - numbers: under which name the weights are numbered.
    ///   - names: what parts of the module are called there, by the beginning of their paths.
    ///   - bounds: of the parameters to which the rule does not apply, by path.
    ///   - scale: a factor of the bounds of the layers' weights.
    func starting(
        _ numbers: String, names: [String: String] = [:], bounds: [String: Double] = [:],
        scale: Double = 1
    ) -> Self {
        var copy = self
        let shapes = Dictionary(uniqueKeysWithValues: parameters.map { ($0.path, $0.tensor.shape) })
        copy.visitAll { path, role, tensor in
            guard role == .parameter else { return }
            guard let bound = bounds[path] ?? layerBound(path, shapes, scale) else { return }
            let name = renamed(path, names)
            tensor = Numbers.symmetric("\(numbers)/\(name)", tensor.shape, bound: bound)
        }
        return copy
    }
}

/// The bound of a weight, and of the bias beside it. Nil for those of a normalisation, which are
/// vectors and start at 1 and 0.
private func layerBound(_ path: String, _ shapes: [String: [Int]], _ scale: Double) -> Double? {
    let isBias = path.hasSuffix(".bias")
    let weight = isBias ? path.dropLast(4) + "weight" : path
    guard let shape = shapes[weight], shape.count > 1 else { return nil }
    let inputs = shape.dropFirst().reduce(1, *)
    return (isBias ? 1 : scale) / Double(inputs).squareRoot()
}

/// The path with its longest beginning that has another name replaced.
private func renamed(_ path: String, _ names: [String: String]) -> String {
    let beginning = names.keys.filter { path == $0 || path.hasPrefix($0 + ".") }
        .max { $0.count < $1.count }
    guard let beginning else { return path }
    return names[beginning]! + path.dropFirst(beginning.count)
}

/// What the layers of a ``MultilayerPerceptron`` are called by the others: `enc1`, `enc2`, ….
func layerNames(_ part: String, _ name: String, _ count: Int) -> [String: String] {
    Dictionary(
        uniqueKeysWithValues: (0..<count).map { ("\(part).layers.\($0)", "\(name)\($0 + 1)") })
}
