import Autograd
import Foundation
import TestSupport
import Testing

/// Creation, access, value semantics and arithmetic of tensors.
@Suite struct TensorTests {
    private func integers(_ tensor: Tensor) -> [Int32] { tensor.elements(as: Int32.self) }

    // MARK: Creation

    @Test func creation() {
        let vector = Tensor([1, 2, 3] as [Float])
        #expect(vector.shape == [3])
        #expect(vector.rank == 1)
        #expect(vector.count == 3)
        #expect(vector.dataType == .float32)
        #expect(vector.elements(as: Float.self) == [1, 2, 3])
        let matrix = Tensor(rows: [[1, 2, 3], [4, 5, 6]] as [[Double]])
        #expect(matrix.shape == [2, 3])
        #expect(matrix.elements(as: Double.self) == [1, 2, 3, 4, 5, 6])
        #expect(Tensor(rows: [] as [[Float]]).shape == [0, 0])
        #expect(Tensor(rows: [[], []] as [[Float]]).shape == [2, 0])
        #expect(Tensor(2.5).shape == [])
        #expect(Tensor(2.5).scalar == 2.5)
        #expect(Tensor([true, false]).elements(as: Bool.self) == [true, false])
        #expect(Tensor([1, 255] as [UInt8]).elements(as: UInt8.self) == [1, 255])
        #expect(Tensor([] as [Float]).shape == [0])
        #expect(Tensor([7] as [Int32], shape: []).scalar == 7)
    }

    @Test(arguments: DataType.allCases)
    func constantsOfEveryType(_ type: DataType) {
        #expect(numbers(Tensor.ones([2, 1], dataType: type)) == [1, 1])
        #expect(numbers(Tensor.zeros([3], dataType: type)) == [0, 0, 0])
        #expect(Tensor.zeros([0, 4], dataType: type).count == 0)
        #expect(Tensor.zeros(like: Tensor.ones([2, 3], dataType: type)).shape == [2, 3])
        #expect(Tensor.ones(like: Tensor.zeros([2], dataType: type)).dataType == type)
        #expect(Tensor(1, dataType: type).scalar == 1)
        #expect(numbers(Tensor.identity(2, dataType: type)) == [1, 0, 0, 1])
    }

    @Test func ranges() {
        #expect(numbers(Tensor.range(4)) == [0, 1, 2, 3])
        #expect(integers(Tensor.range(3, from: 5, step: -2, dataType: .int32)) == [5, 3, 1])
        #expect(Tensor.range(0).shape == [0])
        #expect(Tensor.range(-3).shape == [0])
        #expect(
            numbers(Tensor.linearSpace(from: -1, through: 1, count: 5)) == [-1, -0.5, 0, 0.5, 1])
        #expect(numbers(Tensor.linearSpace(from: 3, through: 9, count: 1)) == [3])
        // The end is exact, for any count.
        for count in 2...200 {
            let points = numbers(
                Tensor.linearSpace(from: -0.3, through: 0.7, count: count, dataType: .float64))
            #expect(points.first == -0.3)
            #expect(points.last == 0.7, "\(count) points")
        }
    }

    @Test func conversions() {
        let numbers32 = Tensor([1.9, -1.9, 0, 3e9, -3e9, .nan, .infinity] as [Float])
        #expect(
            integers(numbers32.cast(to: .int32))
                == [1, -1, 0, .max, .min, 0, .max])
        #expect(
            numbers32.cast(to: .uint8).elements(as: UInt8.self) == [1, 0, 0, 255, 0, 0, 255])
        #expect(
            numbers32.cast(to: .bool).elements(as: Bool.self)
                == [true, true, false, true, true, true, true])
        #expect(numbers(Tensor([true, false]).cast(to: .float32)) == [1, 0])
        #expect(numbers(Tensor([-7] as [Int32]).cast(to: .float64)) == [-7])
    }

    // MARK: Access

    @Test func viewsDoNotCopy() {
        let x = Tensor((0..<6).map(Float.init), shape: [2, 3])
        let address = x.withUnsafeElements(as: Float.self) { buffer in
            #expect(Array(buffer) == [0, 1, 2, 3, 4, 5])
            return buffer.baseAddress
        }
        #expect(x.withUnsafeElements(as: Float.self) { $0.baseAddress } == address)
        #expect(
            x.reshaped([3, -1]).withUnsafeElements(as: Float.self) { $0.baseAddress } == address)
        #expect(x.withUnsafeBytes { $0.count } == 24)
        let written = Tensor(shape: [3], as: Int32.self) { buffer in
            for index in buffer.indices { buffer[index] = Int32(index * index) }
        }
        #expect(integers(written) == [0, 1, 4])
        #expect(Tensor([] as [Float]).withUnsafeElements(as: Float.self) { $0.count } == 0)
    }

    @Test func identity() {
        let x = Tensor([1.0, .nan])
        #expect(x.isIdentical(to: x))
        #expect(x.isIdentical(to: x + 0))
        #expect(!Tensor([0.0]).isIdentical(to: Tensor([-0.0])))
        #expect(!x.isIdentical(to: x.reshaped([1, 2])))
        #expect(!Tensor.zeros([2]).isIdentical(to: Tensor.zeros([2], dataType: .int32)))
    }

    // MARK: Value semantics

    @Test func updatesDoNotReachCopies() {
        for type in [DataType.float32, .float64, .int32] {
            var x = Tensor([1, 2, 3] as [Float]).cast(to: type)
            let copy = x
            let row = x.reshaped([1, 3])
            x += Tensor.ones([3], dataType: type)
            #expect(numbers(x) == [2, 3, 4])
            x *= Tensor(2, dataType: type)
            x -= Tensor([1, 1, 1] as [Float]).cast(to: type)
            #expect(numbers(x) == [3, 5, 7])
            #expect(numbers(copy) == [1, 2, 3])
            #expect(numbers(row) == [1, 2, 3])
        }
    }

    @Test func updatesByThemselvesAndByViews() {
        var x = Tensor([1.0, 2, 3])
        x += x
        #expect(numbers(x) == [2, 4, 6])
        x *= x
        #expect(numbers(x) == [4, 16, 36])
        x -= x.reversed(axis: 0)
        #expect(numbers(x) == [-32, 0, 32])
        x /= Tensor(32, dataType: .float64)
        #expect(numbers(x) == [-1, 0, 1])
        // The right side may be larger: then the shape grows.
        x += Tensor.zeros([2, 1], dataType: .float64)
        #expect(x.shape == [2, 3])
        var scalar = x[0][0]
        scalar += Tensor([1.0, 1])
        #expect(numbers(scalar) == [0, 0])
        #expect(numbers(x) == [-1, 0, 1, -1, 0, 1])
    }

    @Test func updatesOfWatchedTensorsAreRecorded() {
        let x = Tensor([1.0, 2])
        let slope = gradient(at: x) { x in
            var y = Tensor([3.0, 4])
            y += x * x
            y *= x
            y -= Tensor(1, dataType: .float64)
            return y.sum()
        }
        #expect(numbers(slope) == [6, 16])
        #expect(numbers(x) == [1, 2])
    }

    // MARK: Arithmetic of integers, comparisons, positions

    @Test func integerArithmetic() {
        let (a, b) = (Tensor([7, -3, 0] as [Int32]), Tensor([2, 5, -1] as [Int32]))
        #expect(integers(a + b) == [9, 2, -1])
        #expect(integers(a - b) == [5, -8, 1])
        #expect(integers(a * b) == [14, -15, 0])
        #expect(integers(-a) == [-7, 3, 0])
        #expect(integers(abs(a)) == [7, 3, 0])
        #expect(integers(sign(a)) == [1, -1, 0])
        #expect(integers(maximum(a, b)) == [7, 5, 0])
        #expect(integers(minimum(a, b)) == [2, -3, -1])
        #expect(integers(a * 3) == [21, -9, 0])
        #expect(integers(1 - a) == [-6, 4, 1])
        #expect(a.sum().scalar == 4)
        #expect(integers(a.max()) == [7])
        #expect(integers(a.min()) == [-3])
        // Whole numbers that `float32` does not have.
        let large = Tensor([16_777_217, 2_000_000_001] as [Int32])
        #expect(integers(large + Tensor([0, 1] as [Int32])) == [16_777_217, 2_000_000_002])
        #expect(integers(large.max()) == [2_000_000_001])
        #expect(
            (large .== Tensor([16_777_216, 2_000_000_001] as [Int32]))
                .elements(as: Bool.self) == [false, true])
    }

    @Test func comparisons() {
        let (a, b) = (Tensor([1.0, 2, .nan, 0]), Tensor([2.0, 2, .nan, -0.0]))
        func bools(_ tensor: Tensor) -> [Bool] { tensor.elements() }
        #expect(bools(a .== b) == [false, true, false, true])
        #expect(bools(a .!= b) == [true, false, true, false])
        #expect(bools(a .< b) == [true, false, false, false])
        #expect(bools(a .<= b) == [true, true, false, true])
        #expect(bools(a .> b) == [false, false, false, false])
        #expect(bools(a .>= b) == [false, true, false, true])
        #expect(bools(a .< 2) == [true, false, false, true])
        #expect(bools(a .== 2) == [false, true, false, false])
        #expect(bools(a .!= 2) == [true, false, true, true])
        #expect(bools(a .<= 2) == [true, true, false, true])
        #expect(bools(a .> 1) == [false, true, false, false])
        #expect(bools(a .>= 1) == [true, true, false, false])
        let table = Tensor([1, 2] as [Float]).reshaped([2, 1]) .> Tensor([1, 2, 0] as [Float])
        #expect(table.shape == [2, 3])
        #expect(bools(table) == [false, false, true, true, false, true])
        #expect((Tensor([] as [Float]) .< 1).shape == [0])
        #expect(bools(Tensor([1, 2] as [UInt8]) .== Tensor([1, 3] as [UInt8])) == [true, false])
    }

    @Test func functionsWithoutDerivative() {
        let x = Tensor([-1.5, -0.5, 0, 0.5, 1.5, 2.5, .nan, -.infinity])
        #expect(numbers(sign(x)).dropLast(2) == [-1, -1, 0, 1, 1, 1])
        #expect(numbers(floor(x)).dropLast(2) == [-2, -1, 0, 0, 1, 2])
        #expect(numbers(round(x)).dropLast(2) == [-2, 0, 0, 0, 2, 2])
        for function in [sign, floor, round] { #expect(numbers(function(x))[6].isNaN) }
        #expect(numbers(floor(x))[7] == -.infinity)
    }

    @Test func positionsOfExtrema() {
        let x = Tensor([3, 1, 3, 2, 2, 0] as [Float], shape: [2, 3])
        #expect(integers(x.argmax()) == [0, 0])
        #expect(integers(x.argmin()) == [1, 2])
        #expect(integers(x.argmax(axis: 0)) == [0, 1, 0])
        #expect(integers(x.argmin(axis: -2)) == [1, 0, 1])
        #expect(integers(Tensor([1, .nan, 5, .nan] as [Float]).argmax()) == [1])
        #expect(integers(Tensor([1, .nan, 0] as [Double]).argmin()) == [1])
        #expect(integers(Tensor([4, 9] as [Int32]).argmax()) == [1])
        #expect(Tensor.zeros([0, 3]).argmax().shape == [0])
        #expect(Tensor.zeros([2, 0, 3]).argmax().shape == [2, 0])
    }

    // MARK: Reductions of nothing

    @Test func reductionsOfNothing() {
        let none = Tensor.zeros([2, 0, 3])
        #expect(numbers(none.sum(axes: [1])) == [0, 0, 0, 0, 0, 0])
        #expect(none.sum().scalar == 0)
        #expect(none.mean().scalar.isNaN)
        #expect(numbers(none.mean(axes: [1])).allSatisfy { $0.isNaN })
        #expect(none.variance().scalar.isNaN)
        #expect(none.max().scalar == -.infinity)
        #expect(none.min().scalar == .infinity)
        #expect(none.logSumExp().scalar == -.infinity)
        #expect(none.sum(axes: [0]).shape == [0, 3])
        #expect(none.max(axes: [0], keepingAxes: true).shape == [1, 0, 3])
        #expect(none.max(axes: [1], keepingAxes: true).shape == [2, 1, 3])
        #expect(none.mean(axes: [2]).shape == [2, 0])
        #expect(none.logSumExp(axes: [2]).shape == [2, 0])
        #expect(none.argmax(axis: 2).shape == [2, 0])
        #expect(none.sum(axes: []).shape == [2, 0, 3])
    }

    /// Rows of nothing are not walked through, however many they are.
    @Test func manyRowsOfNothing() {
        let many = 1_000_000_000
        let x = Tensor.zeros([many, 0])
        let both = concatenated([x, x])
        #expect(both.shape == [2 * many, 0])
        #expect(concatenated([x, x], axis: 1).shape == [many, 0])
        #expect(stacked([x, x]).shape == [2, many, 0])
        #expect(x.transposed().shape == [0, many])
        #expect(x.reversed(axis: 0).shape == [many, 0])
        #expect(x.sliced(axis: 0, 0..<many, step: 3).shape == [333_333_334, 0])
        #expect(x[many - 1].shape == [0])
        #expect(x.reshaped([0, -1]).shape == [0, 0])
        #expect(x.sum().scalar == 0)
        #expect(x.sum(axes: [0]).shape == [0])
        #expect(x.max(axes: [0]).shape == [0])
        #expect((x + 1).shape == [many, 0])
        #expect((x .< 1).shape == [many, 0])
        #expect(softmax(x).shape == [many, 0])
        #expect(x.sorted().shape == [many, 0])
        #expect(x.cumulativeSum(axis: 0).shape == [many, 0])
        #expect(x.gathered(at: Tensor([1, 5] as [Int32])).shape == [2, 0])
        #expect(x.gathered(at: Tensor([] as [Int32]), axis: 1).shape == [many, 0])
        #expect(x.scatterAdded(at: Tensor([] as [Int32]), axis: 1, size: 0).shape == [many, 0])
        #expect(x.padded([(1, 1), (0, 0)]).shape == [many + 2, 0])
        #expect(matmul(x, Tensor.zeros([0, 0])).shape == [many, 0])
        #expect(matmul(x, x, transposingLeft: true).shape == [0, 0])
        #expect(x.isIdentical(to: x.cast(to: .float64).cast(to: .float32)))
        let slope = gradient(at: x) { x in
            let part = x.sliced(axis: 0, 1..<many)
            return (concatenated([part, x.reversed(axis: 0)]) * 2).sum()
        }
        #expect(slope.shape == [many, 0])
        #expect("\(x)".count < 100)
        #expect("\(Tensor.zeros([30, 40, 50, 0]))".count < 2500)
    }

    // MARK: Shapes

    @Test func slicing() {
        let x = Tensor.range(6)
        #expect(numbers(x.sliced(axis: 0, 0..<6, step: -1)) == [5, 4, 3, 2, 1, 0])
        #expect(numbers(x.sliced(axis: 0, 1..<6, step: -2)) == [5, 3, 1])
        #expect(numbers(x.sliced(axis: 0, 1..<5, step: 3)) == [1, 4])
        #expect(numbers(x.sliced(axis: 0, 2..<4, step: 100)) == [2])
        #expect(numbers(x.sliced(axis: 0, 2..<4, step: .max)) == [2])
        #expect(numbers(x.sliced(axis: 0, 0..<6, step: .min)) == [5])
        #expect(x.sliced(axis: 0, 3..<3, step: .min).shape == [0])
        #expect(
            numbers(gradient(at: x) { $0.sliced(axis: 0, 0..<6, step: .min).sum() }) == [
                0, 0, 0, 0, 0, 1,
            ])
        #expect(x.sliced(axis: 0, 6..<6).shape == [0])
        #expect(x.sliced(axis: 0, 0..<0, step: -1).shape == [0])
        #expect(x[2].scalar == 2)
        #expect(x[-6].scalar == 0)
        #expect(x[2].shape == [])
        #expect(numbers(x[2..<4]) == [2, 3])
        let matrix = x.reshaped([2, 3])
        #expect(numbers(matrix.sliced(axis: -1, 0..<3, step: -2)) == [2, 0, 5, 3])
        #expect(numbers(matrix[1]) == [3, 4, 5])
    }

    @Test func reshaping() {
        let x = Tensor.range(6)
        #expect(x.reshaped([2, -1]).shape == [2, 3])
        #expect(x.reshaped([-1]).shape == [6])
        #expect(x.reshaped([1, -1, 6]).shape == [1, 1, 6])
        #expect(Tensor.zeros([0, 3]).reshaped([-1, 3]).shape == [0, 3])
        #expect(Tensor(1).reshaped([-1, 1]).shape == [1, 1])
        #expect(Tensor.zeros([2, 3, 4]).flattened().shape == [2, 12])
        #expect(Tensor.zeros([2, 3]).flattened(fromAxis: 2).shape == [2, 3, 1])
        #expect(Tensor.zeros([2, 3]).flattened(fromAxis: 0).shape == [6])
        #expect(Tensor.zeros([1, 2, 1]).squeezed().shape == [2])
        #expect(Tensor.zeros([2]).expandingAxis(-1).shape == [2, 1])
        #expect(Tensor.zeros([2]).expandingAxis(0).shape == [1, 2])
    }

    /// Broadcasting where whole blocks of the loop are cut for the threads.
    @Test func broadcastingOfLargeTensors() {
        let rows = Tensor.range(300, dataType: .int32).reshaped([300, 1])
        let columns = Tensor.range(401, dataType: .int32)
        let sum = (rows * 1000 + columns).elements(as: Int32.self)
        var isRight = sum.count == 300 * 401
        for (index, value) in sum.enumerated() {
            isRight = isRight && Int(value) == index / 401 * 1000 + index % 401
        }
        #expect(isRight)
        let wide = Tensor.ones([3, 70_000]) + Tensor([1, 2, 3] as [Float], shape: [3, 1])
        #expect(numbers(wide.sum(axes: [1])) == [140_000, 210_000, 280_000])
        #expect(numbers(wide[2][69_999]) == [4])
    }
}
