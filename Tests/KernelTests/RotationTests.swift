import KernelInterface
import Testing

/// Rotations of rows, beside those of one pair of elements after another.
@Suite("Rotations of rows")
struct RotationTests {
    @Test(arguments: TestedKernels.supported, [1, 2, 3, 7, 16, 37, 64, 70])
    func rowsAreRotated(set: TestedKernels, width: Int) {
        var generator = TestGenerator(seed: 3)
        let (rotations, stride) = (5, width + 3)
        let cosines = (0..<rotations).map { _ in Double.random(in: -1...1, using: &generator) }
        let sines = cosines.map { (1 - $0 * $0).squareRoot() }
        let rows = (0...rotations).flatMap { _ in
            (0..<stride).map { _ in Double.random(in: -9...9, using: &generator) }
        }
        var found = rows
        set.kernels.rotateRows(&found, stride, width, rotations, cosines, sines)

        var expected = rows
        for (index, (c, s)) in zip(cosines, sines).enumerated() {
            for column in 0..<width {
                let place = index * stride + column
                let (a, b) = (expected[place], expected[place + stride])
                expected[place] = c * a + s * b
                expected[place + stride] = c * b - s * a
            }
        }
        for (index, (found, expected)) in zip(found, expected).enumerated() {
            // What is between the rows is left alone.
            #expect(index % stride < width ? abs(found - expected) < 1e-13 : found == expected)
        }
    }
}
