import Autograd
import Foundation
import TestSupport
import Testing

/// The support of the tests fails where it should.
@Suite struct TestSupportTests {
    @Test func closenessPassesWithinTheTolerance() {
        #expect(closeness(of: [1, 2], to: [1, 2], tolerance: 0).passes)
        #expect(closeness(of: [1.0625, 1000], to: [1, 1050], tolerance: 0.0625).passes)
        #expect(closeness(of: [.infinity, -0.0], to: [.infinity, 0], tolerance: 0).passes)
        #expect(closeness(of: [], to: [], tolerance: 0).passes)
    }

    @Test func closenessSaysWhereAndByHowMuch() {
        let comparison = closeness(of: [1, 2, 3.5, 4], to: [1, 2.25, 3, 4], tolerance: 0.125)
        #expect(!comparison.passes)
        #expect(
            comparison.description
                == "1 of 4 elements differ, most at 2: 3.5, expected 3.0, difference 0.5, "
                + "tolerance 0.125")
        withEvery("row", in: [3]) { _ in
            let text = closeness(of: [1], to: [2], tolerance: 0).description
            #expect(text.hasSuffix(", with row = 3"))
        }
    }

    @Test(arguments: [1, Double.nan, .infinity, -.infinity], [Double.nan, .infinity])
    func closenessFailsForWhatIsNotFinite(_ first: Double, _ second: Double) {
        guard first != second else { return }
        for tolerance in [1e300, .infinity] {
            #expect(!closeness(of: [first], to: [second], tolerance: tolerance).passes)
            #expect(!closeness(of: [second], to: [first], tolerance: tolerance).passes)
        }
    }

    @Test func closenessFailsForAToleranceThatIsNotANumber() {
        #expect(!closeness(of: [1], to: [2], tolerance: .nan).passes)
    }

    @Test func notANumberIsExpectedOnRequestOnly() {
        #expect(closeness(of: [.nan, 1], to: [.nan, 1], tolerance: 0, nanIsEqual: true).passes)
        #expect(!closeness(of: [.nan, 1], to: [1, 1], tolerance: 0, nanIsEqual: true).passes)
        #expect(!closeness(of: [1, 1], to: [.nan, 1], tolerance: 0, nanIsEqual: true).passes)
    }

    @Test func closenessFailsForAnotherLengthShapeOrType() {
        #expect(!closeness(of: [1], to: [1, 2], tolerance: 1).passes)
        #expect(!closeness(of: [1, 2], to: [1], tolerance: 1).passes)
        #expect(!closeness(of: [], to: [1], tolerance: 1).passes)
        let row = Tensor([1.0, 2])
        #expect(closeness(of: row, to: row, tolerance: 0).passes)
        let column = closeness(of: row.reshaped([2, 1]), to: row, tolerance: 1)
        #expect(column.description == "shape [2, 1], expected [2]")
        let single = closeness(of: row.cast(to: .float32), to: row, tolerance: 1)
        #expect(single.description == "float32, expected float64")
    }

    @Test func unitsInTheLastPlaceCountRepresentableNumbers() {
        #expect(unitsInTheLastPlace(1.0, 1.0) == 0)
        #expect(unitsInTheLastPlace(1.0, 1.0.nextUp) == 1)
        #expect(unitsInTheLastPlace(-1.0, (-1.0).nextDown) == 1)
        #expect(unitsInTheLastPlace(0.0, -0.0) == 0)
        #expect(unitsInTheLastPlace(Double.leastNonzeroMagnitude, -.leastNonzeroMagnitude) == 2)
        #expect(unitsInTheLastPlace(Double.nan, 1) == .max)
        #expect(unitsInTheLastPlace(1, Double.nan) == .max)
        #expect(unitsInTheLastPlace(Double.nan, .nan) == 0)
        #expect(unitsInTheLastPlace(-Double.infinity, .infinity) > 1 << 63)
        #expect(unitsInTheLastPlace(Float(1), Float(1).nextDown) == 1)
        #expect(unitsInTheLastPlace(Float(1), 2) == 1 << 23)
        #expect(unitsInTheLastPlace(-Float.leastNonzeroMagnitude, 0) == 1)
        #expect(unitsInTheLastPlace(Float.nan, 0) == .max)
        #expect(unitsInTheLastPlace(-Float.infinity, .infinity) == 2 * 0x7F80_0000)
    }

    @Test func everyElementIsTriedUnderItsLabel() {
        var labels: [String] = []
        withEvery("size", in: [1, 2]) { size in
            withEvery("axis", in: 0..<size) { axis in
                labels.append(Trial.description)
            }
        }
        #expect(labels == ["size = 1, axis = 0", "size = 2, axis = 0", "size = 2, axis = 1"])
        #expect(Trial.description == "")
    }

    @Test func temporaryDirectoriesGo() throws {
        struct Failure: Error {}
        var paths: [String] = []
        try withTemporaryDirectory { directory in
            paths.append(directory.path)
            try Data([1]).write(to: directory.appendingPathComponent("file"))
            var isDirectory: ObjCBool = false
            #expect(FileManager.default.fileExists(atPath: paths[0], isDirectory: &isDirectory))
            #expect(isDirectory.boolValue)
        }
        #expect(throws: Failure.self) {
            try withTemporaryDirectory { directory in
                paths.append(directory.path)
                throw Failure()
            }
        }
        #expect(paths[0] != paths[1])
        for path in paths { #expect(!FileManager.default.fileExists(atPath: path)) }
    }

    @Test func naiveArraysBroadcastAndReduce() {
        let x = NaiveArray([1, 2, 3, 4, 5, 6], shape: [2, 3])
        let sum = NaiveArray.combining(x, NaiveArray([10, 20], shape: [2, 1]), +)
        #expect(sum.elements == [11, 12, 13, 24, 25, 26])
        let outer = NaiveArray.combining(
            NaiveArray([1, 2], shape: [2]), NaiveArray([3, 4], shape: [2, 1]), *)
        #expect(outer.shape == [2, 2])
        #expect(outer.elements == [3, 6, 4, 8])
        let columns = x.reduced(axes: [0]) { $0.reduce(0, +) }
        #expect(columns.shape == [3])
        #expect(columns.elements == [5, 7, 9])
        let rows = x.reduced(axes: [-1], keepingAxes: true) { $0[0] }
        #expect(rows.shape == [2, 1])
        #expect(rows.elements == [1, 4])
        let none = NaiveArray([], shape: [2, 0]).reduced(axes: [1]) { Double($0.count) }
        #expect(none.elements == [0, 0])
        #expect(NaiveArray([], shape: [0, 2]).reduced(axes: [1]) { _ in 1 }.shape == [0])
    }
}
