import Autograd
import Foundation
import Testing

/// Arguments of an operation, with what PyTorch makes of them in double precision. The file is made
/// by `Scripts/reference-values.py`.
struct ReferenceCase: Decodable, Sendable, CustomTestStringConvertible {
    let operation: String
    /// Whole numbers; truth values are 0 and 1.
    var options: [String: [Int]]?
    /// The equation of `einsum`.
    var text: String?
    let arguments: [Elements]
    let values: [Elements]
    /// The following are only there where the operation has a derivative: that of the sum of all
    /// values, each times its weight.
    var weights: [Elements]?
    var gradients: [Elements]?
    /// Along these directions the gradients change by the products (with the Hessian).
    var directions: [Elements]?
    var products: [Elements]?

    /// A tensor as it stands in the file.
    struct Elements: Decodable, Sendable {
        let shape: [Int]
        let elements: [Double]

        var tensor: Tensor { Tensor(elements, shape: shape) }
    }

    var testDescription: String {
        "\(operation) \(text ?? "") \(options ?? [:]) of \(arguments.map(\.shape))"
    }

    /// Some whole numbers, none where they are not named.
    func list(_ name: String) -> [Int]? { options?[name] }

    func number(_ name: String) -> Int { options?[name]?.first ?? 0 }

    func flag(_ name: String) -> Bool { number(name) != 0 }

    func int32(_ name: String) -> [Int32] { (list(name) ?? []).map { Int32($0) } }

    /// Pairs of widths, before and after each axis.
    var widths: [(before: Int, after: Int)] {
        let widths = list("widths") ?? []
        return stride(from: 0, to: widths.count, by: 2).map { (widths[$0], widths[$0 + 1]) }
    }
}

extension ReferenceCase {
    static let all: [ReferenceCase] = {
        struct Contents: Decodable { let cases: [ReferenceCase] }
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("pytorch.json")
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        do {
            return try decoder.decode(Contents.self, from: Data(contentsOf: path)).cases
        } catch {
            fatalError("\(path.path): \(error)")
        }
    }()
}
