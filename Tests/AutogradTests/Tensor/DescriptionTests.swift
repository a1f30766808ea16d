import Autograd
import Testing

/// What tensors print, to the letter.
@Suite struct DescriptionTests {
    @Test func scalarsAndVectors() {
        #expect("\(Tensor(1.5))" == "Tensor([], float32) 1.5")
        #expect(
            "\(Tensor([1, -2.25, 3] as [Float]))" == "Tensor([3], float32) [  1.0, -2.25,   3.0]")
        #expect("\(Tensor([7, -12] as [Int32]))" == "Tensor([2], int32) [  7, -12]")
        #expect("\(Tensor([true, false]))" == "Tensor([2], bool) [ true, false]")
        #expect("\(Tensor([0, 255] as [UInt8]))" == "Tensor([2], uint8) [  0, 255]")
    }

    @Test func matrices() {
        #expect(
            "\(Tensor([1, 2, 3, 4, 5, 60] as [Double], shape: [2, 3]))" == """
                Tensor([2, 3], float64) [[ 1.0,  2.0,  3.0],
                 [ 4.0,  5.0, 60.0]]
                """)
        #expect(
            "\(Tensor.range(4, dataType: .int32).reshaped([2, 1, 2]))" == """
                Tensor([2, 1, 2], int32) [[[0, 1]],
                 [[2, 3]]]
                """)
    }

    @Test func emptyTensors() {
        #expect("\(Tensor([] as [Float]))" == "Tensor([0], float32) []")
        #expect("\(Tensor.zeros([0, 3]))" == "Tensor([0, 3], float32) []")
        #expect("\(Tensor.zeros([2, 0]))" == "Tensor([2, 0], float32) [[],\n []]")
    }

    @Test func numbersOfAllSizes() {
        func text(_ value: Double, _ type: DataType) -> String {
            String("\(Tensor(value, dataType: type))".split(separator: ") ")[1])
        }
        for type in [DataType.float32, .float64] {
            #expect(text(0.1, type) == "0.1")
            #expect(text(1.0 / 3, type) == "0.333333")
            #expect(text(123_456.789, type) == "123457.0")
            #expect(text(1e-5, type) == "1e-05")
            #expect(text(1.5e7, type) == "15000000.0")
            #expect(text(.nan, type) == "nan")
            #expect(text(-.infinity, type) == "-inf")
            #expect(text(-0.0, type) == "-0.0")
        }
        #expect(text(1e300, .float64) == "1e+300")
        #expect(text(-2.5e-300, .float64) == "-2.5e-300")
        #expect(text(1.23456789e20, .float64) == "1.23457e+20")
    }

    @Test func longTensorsAreShortened() {
        #expect(
            "\(Tensor.range(1001, dataType: .int32))"
                == "Tensor([1001], int32) [   0,    1,    2, …,  998,  999, 1000]")
        #expect(
            "\(Tensor.range(1200, dataType: .int32).reshaped([300, 4]))" == """
                Tensor([300, 4], int32) [[   0,    1,    2,    3],
                 [   4,    5,    6,    7],
                 [   8,    9,   10,   11],
                 …,
                 [1188, 1189, 1190, 1191],
                 [1192, 1193, 1194, 1195],
                 [1196, 1197, 1198, 1199]]
                """)
    }

    @Test func longRowsAreBroken() {
        let lines = "\(Tensor.range(40, dataType: .int32))".split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("Tensor([40], int32) [ 0,  1,"))
        #expect(lines[1].hasPrefix(" 18, 19,"))
        #expect(lines[2].hasSuffix("38, 39]"))
    }
}
