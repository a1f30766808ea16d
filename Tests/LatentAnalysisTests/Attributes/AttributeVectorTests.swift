import Autograd
import LatentAnalysis
import TestSupport
import Testing

@Suite struct AttributeVectorTests {
    private func vector(_ x: Double, _ y: Double, _ z: Double) throws -> AttributeVector {
        let codes = Tensor(rows: [[x, y, z], [0, 0, 0]])
        return try #require(AttributeVector(of: codes, [true, false]))
    }

    @Test func itIsTheDifferenceOfMeans() throws {
        let codes = Tensor(rows: [[1, 2], [3, 6], [0, 1], [100, 100]]).cast(to: .float32)
        let vector = try #require(AttributeVector(of: codes, [true, true, false, nil]))
        #expect(vector.direction == Tensor([2.0, 3]))
        #expect(vector.having == 2 && vector.lacking == 1)
        #expect(abs(vector.length - 13.0.squareRoot()) < 1e-12)
    }

    @Test func oneKindHasNoDirection() {
        let codes = Tensor(rows: [[1, 2], [3, 6]])
        #expect(AttributeVector(of: codes, [true, true]) == nil)
        #expect(AttributeVector(of: codes, [false, nil]) == nil)
    }

    /// An attribute that always comes with another is told apart from it.
    @Test func whatIsLeftSaysNothingOfOthers() throws {
        let (smile, glasses, beard) = (
            try vector(1, 2, 3), try vector(1, 0, 0), try vector(1, 1, 0)
        )
        let alone = smile.orthogonal(to: [glasses, beard])
        #expect(alone.direction == Tensor([0.0, 0, 3]))
        #expect(alone.cosine(with: glasses) == 0 && alone.having == smile.having)
        // The order does not matter, nor that one is named twice.
        let again = smile.orthogonal(to: [beard, glasses, beard])
        #expect((again.direction - alone.direction).max().scalar < 1e-12)
        #expect(smile.orthogonal(to: []).direction == smile.direction)
        #expect(smile.orthogonal(to: [smile]).length < 1e-12)
    }

    @Test func nearlyEqualOthersLeaveNoRounding() throws {
        let (a, b) = (try vector(1, 1e-7, 0), try vector(1, 0, 1e-7))
        let rest = try vector(1, 1, 1).orthogonal(to: [a, b])
        #expect(abs(rest.cosine(with: a)) < 1e-8 && abs(rest.cosine(with: b)) < 1e-8)
    }

    @Test func cosinesAreOfAngles() throws {
        #expect(try abs(vector(1, 1, 0).cosine(with: vector(2, 0, 0)) - 0.5.squareRoot()) < 1e-12)
        #expect(try vector(0, 0, 0).cosine(with: vector(2, 0, 0)) == 0)
    }

    @Test func otherCountsTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = AttributeVector(of: Tensor(rows: [[1.0]]), [true, false])
        }
    }
}
