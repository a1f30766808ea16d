import Autograd
import TestSupport
import Testing

/// Swift numbers beside tensors of integers and truth values: nothing is cut to the tensor's type.
@Suite struct NumberTests {
    private func bools(_ tensor: Tensor) -> [Bool] { tensor.elements() }

    private let comparisons:
        [(name: String, tensor: (Tensor, Double) -> Tensor, plain: (Double, Double) -> Bool)] = [
            (".==", { $0 .== $1 }, { $0 == $1 }), (".!=", { $0 .!= $1 }, { $0 != $1 }),
            (".<", { $0 .< $1 }, { $0 < $1 }), (".<=", { $0 .<= $1 }, { $0 <= $1 }),
            (".>", { $0 .> $1 }, { $0 > $1 }), (".>=", { $0 .>= $1 }, { $0 >= $1 }),
        ]

    /// Every type but `float32` has its elements in `Double` exactly, where numbers are compared
    /// by the standard library. Small tensors and ones so large that the comparison is fused.
    @Test func comparisonsAreThoseOfNumbers() {
        let tensors = [
            Tensor([.min, -2, -1, 0, 1, 2, .max] as [Int32]), Tensor([0, 1, 2, 255] as [UInt8]),
            Tensor([false, true]), Tensor([-.infinity, -0.1, 0, 0.1, .infinity, .nan] as [Double]),
        ]
        let others: [Double] = [
            -.infinity, -1e300, -2_147_483_649, -2_147_483_648, -1.5, -1, -0.5, -0.0, 0, 0.1, 0.5,
            1, 1.5, 2, 254.5, 255, 255.5, 256, 2_147_483_647, 2_147_483_648, 1e300, .infinity,
            .nan,
        ]
        for tensor in tensors + tensors.map({ $0.broadcast(to: [5000, $0.count]) }) {
            let elements = numbers(tensor)
            withEvery("number", in: others) { other in
                for comparison in comparisons {
                    let result = bools(comparison.tensor(tensor, other))
                    let isRight = zip(result, elements).allSatisfy {
                        $0 == comparison.plain($1, other)
                    }
                    #expect(
                        isRight && result.count == elements.count,
                        "\(comparison.name) of \(tensor.dataType), \(Trial.description)")
                }
            }
        }
    }

    /// The number is rounded to `float32` as the elements were, but not to infinity.
    @Test func comparisonsOfSinglePrecision() {
        let tenth = Tensor([0.1, 1] as [Float])
        #expect(bools(tenth .== 0.1) == [true, false])
        #expect(bools(tenth .<= 0.1) == [true, false])
        let x = Tensor([-.infinity, 3e38, .infinity, .nan] as [Float])
        #expect(bools(x .> 1e300) == [false, false, true, false])
        #expect(bools(x .<= 1e300) == [true, true, false, false])
        #expect(bools(x .== 1e300) == [false, false, false, false])
        #expect(bools(x .< -1e300) == [true, false, false, false])
        #expect(bools(x .== .infinity) == [false, false, true, false])
    }

    @Test func arithmeticWithNumbersOfTheType() {
        var x = Tensor([1, -2] as [Int32])
        #expect(numbers(x * -3) == [-3, 6])
        #expect(numbers(2_147_483_647 - x) == [2_147_483_646, -2_147_483_647])
        x += 2
        x -= 1
        x *= 10
        #expect(numbers(x) == [20, -10])
        #expect(
            numbers(Tensor([0.5, 2] as [Float]) * 0.1) == [
                Double(Float(0.1) * 0.5), Double(Float(0.1) * 2),
            ])
    }

    /// Limits beyond what a type can hold limit nothing.
    @Test func limits() {
        let bytes = Tensor([0, 128, 255] as [UInt8])
        #expect(numbers(clamp(bytes, from: -1, through: 300)) == [0, 128, 255])
        #expect(numbers(clamp(bytes, from: 10, through: 200)) == [10, 128, 200])
        #expect(clamp(bytes, from: 10, through: 200).dataType == .uint8)
        #expect(numbers(maximum(bytes, -0.5)) == [0, 128, 255])
        #expect(numbers(minimum(bytes, 255.5)) == [0, 128, 255])
        #expect(numbers(maximum(bytes, Tensor([100] as [UInt8]))) == [100, 128, 255])
        #expect(numbers(minimum(Tensor([true, false]), Tensor([true]))) == [1, 0])
        let x = Tensor([.min, 0, .max] as [Int32])
        #expect(numbers(clamp(x, from: -.infinity, through: .infinity)) == numbers(x))
        #expect(numbers(clamp(x, from: -1e10, through: 5)) == [-2_147_483_648, 0, 5])
        #expect(numbers(maximum(x, -2_147_483_649)) == numbers(x))
        #expect(numbers(minimum(x, 2_147_483_648)) == numbers(x))
        #expect(
            numbers(clamp(Tensor([-2, 0.3] as [Float]), from: 0.1, through: .infinity))[1]
                == Double(Float(0.3)))
    }

    @Test func fills() {
        #expect(numbers(Tensor([7] as [UInt8]).padded([(1, 1)], with: 255)) == [255, 7, 255])
        #expect(numbers(Tensor(repeating: -1, shape: [2], dataType: .int32)) == [-1, -1])
        #expect(numbers(Tensor(-0.0, dataType: .uint8)) == [0])
        #expect(Tensor(repeating: .nan, shape: [0, 2]).shape == [0, 2])
        #expect(numbers(Tensor.range(3, from: 250, step: 2, dataType: .uint8)) == [250, 252, 254])
        #expect(numbers(Tensor.range(2, dataType: .bool)) == [0, 1])
        // In steps of a tenth of ten, some of which are no whole numbers in binary fractions.
        for count in [2, 11, 101, 1001] {
            let end = Double(count - 1) * 7 - 3
            let points = Tensor.linearSpace(from: -3, through: end, count: count, dataType: .int32)
            #expect(numbers(points) == (0..<count).map { Double($0) * 7 - 3 })
        }
    }

    /// Out of range is saturated and not-a-number is 0, in every length of array.
    @Test func castsOfWhatIntegersCannotHold() {
        let values: [Double] = [1e20, -1e20, .nan, .infinity, -.infinity, 2.9, -2.9, 300, -0.9]
        let expected: [Double] = [
            2_147_483_647, -2_147_483_648, 0, 2_147_483_647, -2_147_483_648, 2, -2, 300, 0,
        ]
        for type in [DataType.float32, .float64] {
            for rows in [1, 4, 4000] {
                let x = Tensor(values).cast(to: type).broadcast(to: [rows, values.count])
                let whole = numbers(x.cast(to: .int32))
                #expect(whole == (0..<rows).flatMap { _ in expected })
                #expect(
                    numbers(x.cast(to: .uint8)[rows - 1]) == [255, 0, 0, 255, 0, 2, 0, 255, 0])
            }
        }
    }
}

private func changing(_ x: Tensor, _ change: (inout Tensor) -> Void) {
    var x = x
    change(&x)
}

private let int32 = Tensor([1, 2] as [Int32])
private let uint8 = Tensor([1, 2] as [UInt8])
private let bool = Tensor([true, false])

let numberTraps: [Trap] = [
    Trap("+: int32 cannot hold the number 0.5; cast(to:) first") { _ = int32 + 0.5 },
    Trap("-: int32 cannot hold the number 2147483648.0; cast(to:) first") {
        _ = int32 - 2_147_483_648
    },
    Trap("*: int32 cannot hold the number 0.5; cast(to:) first") { _ = int32 * 0.5 },
    Trap("*: int32 cannot hold the number nan; cast(to:) first") { _ = Double.nan * int32 },
    Trap("/: int32 cannot hold the number 0.5; cast(to:) first") { _ = int32 / 0.5 },
    Trap("/: not defined for tensors of int32; cast(to:) first") { _ = 1 / int32 },
    Trap("+: uint8 cannot hold the number -1.0; cast(to:) first") { _ = -1 + uint8 },
    Trap("-: bool cannot hold the number 2.0; cast(to:) first") { _ = 2 - bool },
    Trap("pow: int32 cannot hold the number 0.5; cast(to:) first") { _ = pow(int32, 0.5) },
    Trap("+=: int32 cannot hold the number 0.5; cast(to:) first") {
        changing(int32) { $0 += 0.5 }
    },
    Trap("-=: int32 cannot hold the number inf; cast(to:) first") {
        changing(int32) { $0 -= .infinity }
    },
    Trap("*=: int32 cannot hold the number 1.5; cast(to:) first") {
        changing(int32) { $0 *= 1.5 }
    },
    Trap("/=: int32 cannot hold the number 1.5; cast(to:) first") {
        changing(int32) { $0 /= 1.5 }
    },
    Trap("maximum: int32 cannot hold the number 1.5; cast(to:) first") { _ = maximum(int32, 1.5) },
    Trap("maximum: uint8 cannot hold the number 256.0; cast(to:) first") {
        _ = maximum(uint8, 256)
    },
    Trap("minimum: uint8 cannot hold the number -1.0; cast(to:) first") { _ = minimum(uint8, -1) },
    Trap("minimum: int32 cannot hold the number nan; cast(to:) first") { _ = minimum(int32, .nan) },
    Trap("clamp: int32 cannot hold the number 0.5; cast(to:) first") {
        _ = clamp(int32, from: 0.5, through: 3)
    },
    Trap("clamp: uint8 cannot hold the number 300.0; cast(to:) first") {
        _ = clamp(uint8, from: 300, through: 400)
    },
    Trap("padded: uint8 cannot hold the number 300.0; cast(to:) first") {
        _ = uint8.padded([(0, 1)], with: 300)
    },
    Trap("padded: int32 cannot hold the number nan; cast(to:) first") {
        _ = int32.padded([(1, 0)], with: .nan)
    },
    Trap("Tensor: int32 cannot hold the number 1.5; cast(to:) first") {
        _ = Tensor(1.5, dataType: .int32)
    },
    Trap("Tensor: int32 cannot hold the number nan; cast(to:) first") {
        _ = Tensor(repeating: .nan, shape: [2], dataType: .int32)
    },
    Trap("Tensor: uint8 cannot hold the number 300.0; cast(to:) first") {
        _ = Tensor(repeating: 300, shape: [2], dataType: .uint8)
    },
    Trap("Tensor: bool cannot hold the number 2.0; cast(to:) first") {
        _ = Tensor(2, dataType: .bool)
    },
    Trap("range: int32 cannot hold the number 0.5; cast(to:) first") {
        _ = Tensor.range(3, step: 0.5, dataType: .int32)
    },
    Trap("range: uint8 cannot hold the number 256.0; cast(to:) first") {
        _ = Tensor.range(257, dataType: .uint8)
    },
    Trap("linearSpace: int32 cannot hold the number 2.5; cast(to:) first") {
        _ = Tensor.linearSpace(from: 0, through: 10, count: 5, dataType: .int32)
    },
    Trap("mean: not defined for tensors of int32; cast(to:) first") { _ = int32.mean() },
    Trap("mean: not defined for tensors of uint8; cast(to:) first") { _ = uint8.mean(axes: [0]) },
    Trap("variance: not defined for tensors of int32; cast(to:) first") { _ = int32.variance() },
    Trap("logSumExp: not defined for tensors of int32; cast(to:) first") {
        _ = int32.logSumExp()
    },
    Trap("sum: not defined for tensors of bool; cast(to:) first") { _ = bool.sum() },
    Trap("bernoulli: not defined for int32") {
        var generator = RandomGenerator(seed: 1)
        _ = generator.bernoulli(probabilities: int32)
    },
]
